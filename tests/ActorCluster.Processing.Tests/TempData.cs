using ActorCluster.Storage;

namespace ActorCluster.Processing.Tests;

/// <summary>A data folder of a test's own, removed with its content.</summary>
internal sealed class TempData : IDisposable
{
    private readonly DirectoryInfo _root;

    public TempData(string name = "data")
    {
        _root = Directory.CreateTempSubdirectory("actorcluster-processing-");
        Data = new DataDirectory(Path.Combine(_root.FullName, name));
        Data.Create();
        Inputs = _root.CreateSubdirectory("inputs").FullName;
    }

    public DataDirectory Data { get; }

    /// <summary>A folder for videos.</summary>
    public string Inputs { get; }

    /// <summary>Copies a sample clip, or writes the given bytes, into the folder of videos.</summary>
    public string AddVideo(string name, byte[]? content = null)
    {
        var path = Path.Combine(Inputs, name);
        File.WriteAllBytes(path, content ?? File.ReadAllBytes(RepositoryFiles.Astronaut));
        return path;
    }

    public void Dispose() => _root.Delete(recursive: true);
}
