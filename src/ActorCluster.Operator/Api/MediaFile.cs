using System.Net;
using ActorCluster.Core.Faults;
using ActorCluster.Media;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator;

/// <summary>
/// The file of a registered video: of all files just the one that the run's manifest names, and as it was registered. A file that has changed since is another video than
/// the one whose predictions are shown, and perhaps somebody's way to a file that is none.
/// </summary>
internal static class MediaFile
{
    private const int LongestBeginning = 64;

    /// <summary>Opens it.</summary>
    /// <param name="video">The video.</param>
    /// <exception cref="OperatorRoutes.RefusedException">It is not there, or has changed since it was registered.</exception>
    /// <exception cref="EnvironmentFaultException">It cannot be read.</exception>
    public static FileStream Open(RegisteredVideo video)
    {
        try
        {
            var file = new FileInfo(video.Uri);
            if (!file.Exists || video.Length < 0)
            {
                throw Gone(video, "is not there");
            }

            if ((file.Length, file.LastWriteTimeUtc.Ticks) != (video.Length, video.Modified))
            {
                throw Gone(video, "has changed since it was registered");
            }

            SourceFile.RequireReadable(video.Uri, "media");
            var isLink = file.LinkTarget is not null;
            var opened = FileAnswer.Open(video.Uri);
            // A link's own size and time are those that were registered; of what is not one they must be the opened file's.
            if (!isLink && (opened.Length, File.GetLastWriteTimeUtc(opened.SafeFileHandle).Ticks) != (video.Length, video.Modified))
            {
                opened.Dispose();
                throw Gone(video, "has changed since it was registered");
            }

            return opened;
        }
        catch (InputFaultException e)
        {
            throw Gone(video, $"cannot be played: {e.Message}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Gone(video, "is not there");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException("media", $"'{video.Uri}' cannot be read: {e.Message.TrimEnd('.')}.", "Check its disk or share and its permissions.", e);
        }
    }

    /// <summary>The media type of an open file, from its own beginning: names say what they like. Rewinds it.</summary>
    public static async Task<string> TypeOfAsync(FileStream file, CancellationToken cancellation)
    {
        var beginning = new byte[LongestBeginning];
        var length = await file.ReadAtLeastAsync(beginning, LongestBeginning, throwOnEndOfStream: false, cancellation);
        file.Position = 0;
        return TypeOf(beginning.AsSpan(0, length));
    }

    private static string TypeOf(ReadOnlySpan<byte> beginning) => beginning switch
    {
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "video/mp4",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => beginning.IndexOf("webm"u8) >= 0 ? "video/webm" : "video/x-matroska",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'A', (byte)'V', (byte)'I', (byte)' ', ..] => "video/x-msvideo",
        _ => "application/octet-stream",
    };

    private static OperatorRoutes.RefusedException Gone(RegisteredVideo video, string why) =>
        new("Not found", HttpStatusCode.NotFound, $"The file '{video.Uri}' of video '{video.Row.Id}' {why}.");
}
