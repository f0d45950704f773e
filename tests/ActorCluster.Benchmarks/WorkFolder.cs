namespace ActorCluster.Benchmarks;

/// <summary>A folder for a benchmark's videos and data, removed at the end.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("actorcluster-benchmark-").FullName;
    private int _made;

    /// <summary>A path in the folder.</summary>
    public string File(string name) => Path.Combine(_root, name);

    /// <summary>A new folder in the folder.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(File($"{name}-{++_made}")).FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
