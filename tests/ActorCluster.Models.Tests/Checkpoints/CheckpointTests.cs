using System.Runtime.InteropServices;
using System.Text.Json;
using ActorCluster.Media.Tests.Faces;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Storage;

namespace ActorCluster.Models.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-models-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("plain_dict.bin")]
    [InlineData("nested.bin")]
    public void Read_OddTensors_EqualsTheirContiguousValues(string file)
    {
        using var expected = Checkpoint.Open(RepositoryFiles.Golden("torch-bin-oddities", "expected.safetensors"));
        using var actual = Checkpoint.Open(RepositoryFiles.Golden("torch-bin-oddities", file));
        Assert.Equal(14, expected.Tensors.Count);
        Assert.Equal(expected.Tensors.Keys.Order(StringComparer.Ordinal), actual.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected.Tensors.Keys, name => CheckpointBytes.AssertSame(expected, name, actual, name));
        Assert.All(actual.Tensors.Values, tensor => Assert.Equal(file, tensor.File));
    }

    [Fact]
    public void Read_WavLmAsBin_EqualsItsSafetensors()
    {
        using var expected = Checkpoint.Open(RepositoryFiles.Golden("wavlm-tiny-base-style", "model.safetensors"));
        using var actual = Checkpoint.Open(RepositoryFiles.Golden("wavlm-tiny-base-style", "pytorch_model.bin"));
        Assert.Equal(96, actual.Tensors.Count);
        Assert.Equal(expected.Tensors.Keys.Order(StringComparer.Ordinal), actual.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected.Tensors.Keys, name => CheckpointBytes.AssertSame(expected, name, actual, name));
    }

    [Fact]
    public void Read_ClassifierAsBin_EqualsEncoderAndRest()
    {
        using var actual = Checkpoint.Open(Path.GetDirectoryName(RepositoryFiles.Golden("torch-bin-classifier-style", "pytorch_model.bin"))!);
        using var encoder = Checkpoint.Open(RepositoryFiles.Golden("beit-tiny-large-style", "model.safetensors"));
        using var rest = Checkpoint.Open(RepositoryFiles.Golden("torch-bin-classifier-style", "expected.safetensors"));
        Assert.All(encoder.Tensors.Keys, name => CheckpointBytes.AssertSame(encoder, name, actual, "beit." + name));
        var others = rest.Tensors.Keys.Where(name => name != "output.logits").ToList();
        Assert.All(others, name => CheckpointBytes.AssertSame(rest, name, actual, name));
        Assert.Equal(encoder.Tensors.Count + others.Count, actual.Tensors.Count);
    }

    [Fact]
    public void Open_FormatBefore16_SaysWhatToDo() =>
        Assert.Contains("before PyTorch 1.6", Refusal(RepositoryFiles.Golden("torch-bin-oddities", "legacy_nonzip.bin")), StringComparison.Ordinal);

    [Fact]
    public void Open_FolderWithBoth_TakesSafetensors()
    {
        using var checkpoint = Checkpoint.Open(Path.GetDirectoryName(RepositoryFiles.Golden("wavlm-tiny-base-style", "config.json"))!);
        Assert.All(checkpoint.Tensors.Values, tensor => Assert.Equal("model.safetensors", tensor.File));
    }

    [Fact]
    public void Open_NothingThere_NamesWhatIsLooked()
    {
        Assert.Contains("model.safetensors, model.safetensors.index.json, pytorch_model.bin", Refusal(_folder.FullName), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal(Path.Combine(_folder.FullName, "none")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("pytorch_model.bin")]
    [InlineData("model.safetensors.index.json")]
    public void Open_GitLfsPointer_SaysSo(string name)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, name), "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1276000000\n");
        Assert.Contains("git lfs pull", Refusal(_folder.FullName), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Shards_ReadsAllTensors()
    {
        WriteShards(("a", "one.safetensors"), ("b", "one.safetensors"), ("c", "two.safetensors"));
        using var checkpoint = Checkpoint.Open(_folder.FullName);
        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("two.safetensors", checkpoint.Tensors["c"].File);
        Assert.Equal([(float)'c'], MemoryMarshal.Cast<byte, float>(checkpoint.ReadAll("c")));
    }

    [Fact]
    public void Open_ShardMissing_NamesIt()
    {
        WriteShards(("a", "one.safetensors"), ("b", "two.safetensors"));
        File.Delete(Path.Combine(_folder.FullName, "two.safetensors"));
        Assert.Contains("'two.safetensors', which is not beside it", Refusal(_folder.FullName), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TensorInOtherShard_NamesBoth()
    {
        WriteShards(("a", "one.safetensors"), ("b", "two.safetensors"));
        WriteIndex(("a", "one.safetensors"), ("b", "one.safetensors"), ("c", "two.safetensors"));
        var refusal = Refusal(_folder.FullName);
        Assert.Contains("'two.safetensors' holds the tensor 'b'", refusal, StringComparison.Ordinal);
        Assert.Contains("says that it is in 'one.safetensors'", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TensorInNoShardOrNotInIndex_NamesIt()
    {
        WriteShards(("a", "one.safetensors"));
        WriteIndex(("a", "one.safetensors"), ("z", "one.safetensors"));
        Assert.Contains("'z' is in 'one.safetensors', which does not hold it", Refusal(_folder.FullName), StringComparison.Ordinal);
        WriteShards(("a", "one.safetensors"), ("b", "one.safetensors"));
        WriteIndex(("a", "one.safetensors"));
        Assert.Contains("holds the tensor 'b'", Refusal(_folder.FullName), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"../one.safetensors\"")]
    [InlineData("\"/etc/one.safetensors\"")]
    [InlineData("\"..\\\\one.safetensors\"")]
    [InlineData("\"c:one.safetensors\"")]
    [InlineData("\"one.bin\"")]
    [InlineData("\"\"")]
    [InlineData("7")]
    public void Open_ShardNameNotPlain_IsRefused(string name)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "model.safetensors.index.json"), "{\"weight_map\":{\"a\":" + name + "}}");
        Assert.Contains("only names of .safetensors files beside the index", Refusal(_folder.FullName), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{\"weight_map\":{\"a\":\"b\"", "not valid JSON")]
    [InlineData("{\"weight_map\":[]}", "no object 'weight_map'")]
    [InlineData("[]", "no object 'weight_map'")]
    [InlineData("{\"weight_map\":{\"a\":\"b.safetensors\",\"a\":\"c.safetensors\"}}", "'a' twice")]
    [InlineData("{\"weight_map\":{\"\\uD800\":\"b.safetensors\"}}", "not valid JSON")]
    public void Open_IndexMalformed_SaysWhatIsWrong(string json, string message)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "model.safetensors.index.json"), json);
        Assert.Contains(message, Refusal(_folder.FullName), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownTensor_NamesIt()
    {
        using var checkpoint = Checkpoint.Open(RepositoryFiles.Golden("torch-bin-oddities", "plain_dict.bin"));
        Assert.Contains("'none'", Assert.Throws<CheckpointFormatException>(() => checkpoint.Read("none", _ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileCutMeanwhile_SaysSo()
    {
        foreach (var (name, file) in (ReadOnlySpan<(string, string)>)[("wavlm-tiny-base-style", "model.safetensors"), ("wavlm-tiny-base-style", "pytorch_model.bin")])
        {
            var path = Path.Combine(_folder.FullName, file);
            File.Copy(RepositoryFiles.Golden(name, file), path);
            using var checkpoint = Checkpoint.Open(path);
            using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                stream.SetLength(20_000);
            }

            var last = checkpoint.Tensors.Values.Where(tensor => tensor.Name.StartsWith("encoder.layers.3", StringComparison.Ordinal) && tensor.ByteCount > 4096);
            Assert.All(last, tensor => Assert.Throws<CheckpointFormatException>(() => checkpoint.Read(tensor.Name, _ => { })));
        }
    }

    [Fact]
    public void Read_LargeTensor_AllocatesNoMoreThanAPiece()
    {
        const int Floats = 12 << 20;
        var safetensors = Path.Combine(_folder.FullName, "large.safetensors");
        using (var stream = File.Create(safetensors))
        {
            SafetensorsWriter.Write(stream, [TensorData.Create<float>("w", TensorType.F32, new float[Floats], Floats)]);
        }

        var torch = Path.Combine(_folder.FullName, "large.bin");
        File.WriteAllBytes(torch, TorchArchiveBuilder.Build(PickleBuilder.OneTensor(Floats, 0, [Floats], [1]), ("0", new byte[Floats * sizeof(float)])));
        foreach (var path in (string[])[safetensors, torch])
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var (read, pieces) = (0L, 0);
            using var checkpoint = Checkpoint.Open(path);
            checkpoint.Read("w", piece => (read, pieces) = (read + piece.Length, pieces + 1));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Checkpoint.MaxPieceBytes + 1_000_000);
            Assert.Equal(Floats * sizeof(float), read);
            Assert.Equal(12, pieces);
        }
    }

    private static string Refusal(string path) => Assert.Throws<CheckpointFormatException>(() => Checkpoint.Open(path)).Message;

    // Each tensor holds its name's letter as a number.
    private void WriteShards(params (string Tensor, string File)[] tensors)
    {
        foreach (var shard in tensors.GroupBy(tensor => tensor.File, tensor => tensor.Tensor))
        {
            using var stream = File.Create(Path.Combine(_folder.FullName, shard.Key));
            SafetensorsWriter.Write(stream, [.. shard.Select(name => TensorData.Create<float>(name, TensorType.F32, new float[] { name[0] }, 1))]);
        }

        WriteIndex(tensors);
    }

    private void WriteIndex(params (string Tensor, string File)[] tensors)
    {
        var map = tensors.ToDictionary(tensor => tensor.Tensor, tensor => tensor.File);
        var json = JsonSerializer.Serialize(new Dictionary<string, object> { ["metadata"] = new { total_size = 4 * map.Count }, ["weight_map"] = map });
        File.WriteAllText(Path.Combine(_folder.FullName, "model.safetensors.index.json"), json);
    }
}
