using System.Buffers.Text;
using ActorCluster.Core.Formats;

namespace ActorCluster.Core.Submissions;

/// <summary>What a line of a submission is made of: <c>video/00001.jpg,3</c>.</summary>
internal static class SubmissionFormat
{
    /// <summary>The stage that faults name.</summary>
    public const string Stage = "submission";

    /// <summary>The most rows of a template or a submission; that of the 6th challenge has about a million.</summary>
    public const int MostRows = 10_000_000;

    private const int LeastDigits = 5;

    /// <summary>The header line, nine names although each row has two fields.</summary>
    public static string Header { get; } = "image_location," + ClassHeader.Text;

    /// <summary>Takes a location apart.</summary>
    /// <param name="location">The location, such as <c>video/00001.jpg</c>.</param>
    /// <param name="video">The bytes before the last slash.</param>
    /// <param name="frame">The frame's number, from 1.</param>
    /// <returns>What is wrong with it as a sentence; null when nothing is.</returns>
    public static string? ParseLocation(ReadOnlySpan<byte> location, out ReadOnlySpan<byte> video, out int frame)
    {
        frame = 0;
        var slash = location.LastIndexOf((byte)'/');
        video = slash > 0 ? location[..slash] : default;
        if (slash <= 0)
        {
            return $"{Utf8LineReader.Quote(location)} has no slash between a video and an image; video/00001.jpg is expected.";
        }

        var image = location[(slash + 1)..];
        if (!image.EndsWith(".jpg"u8))
        {
            return $"{Utf8LineReader.Quote(location)} does not end in .jpg.";
        }

        var digits = image[..^4];
        return digits.Length >= LeastDigits && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(digits, out frame, out _) && frame > 0
            ? null
            : $"{Utf8LineReader.Quote(image)} is not the number of a frame, counted from 00001, with at least {LeastDigits} digits.";
    }
}
