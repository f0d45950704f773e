using ActorCluster.Models.Beit;

namespace ActorCluster.Models.Tests.Beit;

/// <summary>A folder with a checkpoint that a test writes.</summary>
internal sealed class TemporaryModel : IDisposable
{
    public TemporaryModel(Action<string> write) => write(Path);

    public string Path { get; } = Directory.CreateTempSubdirectory("actorcluster-beit-").FullName;

    public static float[] RandomImages(BeitEncoder encoder, int count, int seed)
    {
        var random = new Random(seed);
        var images = new float[count * encoder.InputWidth];
        for (var i = 0; i < images.Length; i++)
        {
            images[i] = (random.NextSingle() * 2) - 1;
        }

        return images;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
