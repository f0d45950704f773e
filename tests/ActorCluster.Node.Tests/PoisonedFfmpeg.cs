namespace ActorCluster.Node.Tests;

/// <summary>An ffmpeg that kills the process that started it when it is to decode the frames of one video, and is the real one otherwise.</summary>
internal static class PoisonedFfmpeg
{
    /// <summary>Writes it.</summary>
    /// <param name="folder">A folder for it alone; made where missing.</param>
    /// <param name="video">The file name of the video.</param>
    /// <returns>A PATH on which it comes first.</returns>
    public static Task<string> WriteAsync(string folder, string video) => WrappedFfmpeg.WriteAsync(
        folder,
        $"""
        case "$*" in
          */{video}*format=rgb24*) kill -9 $PPID; exit 1 ;;
        esac
        """);
}
