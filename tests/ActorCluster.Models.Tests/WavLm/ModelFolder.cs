namespace ActorCluster.Models.Tests.WavLm;

/// <summary>A temporary folder with some of a golden model's files.</summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("wavlm-");

    public ModelFolder(string name, params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
        {
            File.Copy(System.IO.Path.Combine(WavLmGoldens.Folder(name), file), System.IO.Path.Combine(Path, file));
        }
    }

    public string Path => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);
}
