using System.Collections.Immutable;

namespace ActorCluster.Media;

/// <summary>What ffprobe's messages mean for an operator.</summary>
internal static class ProbeMessages
{
    private static readonly ImmutableArray<(string Message, string Cause)> Causes =
    [
        ("moov atom not found", "The file has no index (moov atom): the recording or the copy was cut off."),
        ("not on whitelist", "The file is a play list, a picture sequence or a script, not a video file."),
        ("Invalid data found when processing input", "The file's content is not a video container that ffmpeg knows, or its beginning is damaged."),
        ("Permission denied", "There is no permission to read the file."),
        ("No such file or directory", "The file vanished while it was probed."),
    ];

    /// <summary>The cause that the messages tell; null when they are not understood.</summary>
    /// <param name="messages">ffprobe's last lines.</param>
    public static string? CauseOf(ImmutableArray<string> messages) =>
        Causes.FirstOrDefault(entry => messages.Any(line => line.Contains(entry.Message, StringComparison.Ordinal))).Cause;
}
