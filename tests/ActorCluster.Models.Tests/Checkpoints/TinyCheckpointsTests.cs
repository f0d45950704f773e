using ActorCluster.Media.Tests.Faces;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Models.Tests.Checkpoints;

public sealed class TinyCheckpointsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-models-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void WriteBeit_SizesOfTheGoldens_GivesTheirNamesAndShapes()
    {
        TinyCheckpoints.WriteBeit(_folder.FullName, new TinyBeitSizes(IntermediateSize: 256, Layers: 4), 1);
        Assert.Equal(Describe(RepositoryFiles.Golden("beit-tiny-large-style", "model.safetensors")), Describe(_folder.FullName));

        var sizes = new TinyBeitSizes(224, 16, 48, 192, 2, 3, MeanPooling: false);
        TinyCheckpoints.WriteBeit(_folder.FullName, sizes, 1);
        Assert.Equal(Describe(RepositoryFiles.Golden("beit-tiny-pt22k-style", "model.safetensors")), Describe(_folder.FullName));
    }

    [Theory]
    [InlineData("wavlm-tiny-large-style", true)]
    [InlineData("wavlm-tiny-base-style", false)]
    public void WriteWavLm_SizesOfTheGoldens_GivesTheirNamesAndShapes(string golden, bool large)
    {
        TinyCheckpoints.WriteWavLm(_folder.FullName, new TinyWavLmSizes(Layers: 4, Large: large), 1);
        Assert.Equal(Describe(RepositoryFiles.Golden(golden, "model.safetensors")), Describe(_folder.FullName));
    }

    [Fact]
    public void Write_SameSeed_GivesTheSameBytes()
    {
        var path = Path.Combine(_folder.FullName, "model.safetensors");
        TinyCheckpoints.WriteWavLm(_folder.FullName, new TinyWavLmSizes(), 7);
        var first = File.ReadAllBytes(path);
        TinyCheckpoints.WriteWavLm(_folder.FullName, new TinyWavLmSizes(), 7);
        Assert.Equal(first, File.ReadAllBytes(path));
        TinyCheckpoints.WriteWavLm(_folder.FullName, new TinyWavLmSizes(), 8);
        Assert.NotEqual(first, File.ReadAllBytes(path));
    }

    private static IEnumerable<string> Describe(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        return [.. checkpoint.Tensors.Values.Select(t => $"{t.Name} {t.Type} [{string.Join(", ", t.Shape)}]").Order(StringComparer.Ordinal)];
    }
}
