using System.Collections.Immutable;

namespace ActorCluster.Media;

/// <summary>What ffprobe's messages mean for an operator.</summary>
internal static class ProbeMessages
{
    private const string NoVideo = "The file's content is not a video container that ffmpeg knows, or its beginning is damaged.";

    private static readonly ImmutableArray<(string Message, string Cause)> Causes =
    [
        ("not on whitelist", "The file is a play list, a picture sequence or a script, not a video file."),
        ("Invalid data found when processing input", NoVideo),
        ("End of file", "The file ends before its first frame."),
        ("Permission denied", "There is no permission to read the file."),
        ("No such file or directory", "The file vanished while it was probed."),
    ];

    /// <summary>The cause that the messages tell; null when they are not understood.</summary>
    /// <param name="messages">ffprobe's last lines.</param>
    /// <param name="path">The file.</param>
    public static string? CauseOf(ImmutableArray<string> messages, string path)
    {
        // ffprobe says this of anything that is named .mp4, a text as well.
        if (Has(messages, "moov atom not found"))
        {
            return Mp4Boxes.IsMp4(path) ? "The file has no index (moov atom): the recording or the copy was cut off." : NoVideo;
        }

        return Causes.FirstOrDefault(entry => Has(messages, entry.Message)).Cause;
    }

    private static bool Has(ImmutableArray<string> messages, string text) => messages.Any(line => line.Contains(text, StringComparison.Ordinal));
}
