namespace ActorCluster.Media;

/// <summary>A file's size and time of change: tells cheaply that a file is no longer the one that was probed.</summary>
/// <param name="Length">Size in bytes.</param>
/// <param name="ModifiedTicks">UTC time of the last change, in ticks of 100 ns since year 1.</param>
public readonly record struct FileStamp(long Length, long ModifiedTicks)
{
    /// <summary>The stamp of the file at <paramref name="path"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static FileStamp Of(string path)
    {
        // A link's own size and time say nothing of its target.
        var file = new FileInfo(path);
        file = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks);
    }
}
