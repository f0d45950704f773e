namespace ActorCluster.Models.Tests.Beit;

/// <summary>A copy of a checkpoint's folder with another config.json.</summary>
internal sealed class EditedCheckpoint : IDisposable
{
    public EditedCheckpoint(string folder, Func<string, string> edit)
    {
        foreach (var file in Directory.GetFiles(folder).Where(file => System.IO.Path.GetFileName(file) is "model.safetensors" or "pytorch_model.bin"))
        {
            File.Copy(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)));
        }

        File.WriteAllText(System.IO.Path.Combine(Path, "config.json"), edit(File.ReadAllText(System.IO.Path.Combine(folder, "config.json"))));
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("actorcluster-beit-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
