using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ActorCluster.Media.Tests.Faces;
using ActorCluster.Models.Checkpoints;
using CsCheck;

namespace ActorCluster.Models.Tests.Checkpoints;

public sealed class HostileCheckpointTests : IDisposable
{
    private const string Obeyed = "(.GJKMNQRXabcehj])}qrstu\u0085\u0086\u0087\u0088\u0089\u008A";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-models-");

    public static TheoryData<long, long, long[], long[]> MisfittingViews => new()
    {
        { 4, 0, [5], [1] },
        { 4, 1, [4], [1] },
        { 4, -1, [4], [1] },
        { 4, 0, [2, 2], [3, 1] },
        { 4, 0, [2, 2], [1] },
        { 4, 0, [4], [1, 1] },
        { 4, 0, [4, 4], [0, 1] },
        { 4, 0, [long.MaxValue], [0] },
        { 4, 0, [long.MaxValue, long.MaxValue], [long.MaxValue, long.MaxValue] },
        { 4, 0, [2, 2], [long.MaxValue, long.MaxValue] },
        { 4, long.MaxValue, [2], [long.MaxValue] },
        { 4, 0, [1L << 62, 1L << 62, 0], [1, 1, 1] },
        { 4, 5, [0], [1] },
        { 4, 0, [.. Enumerable.Repeat(1L, 65)], [.. Enumerable.Repeat(1L, 65)] },
    };

    public static TheoryData<byte, string> RefusedOpcodes
    {
        get
        {
            var data = new TheoryData<byte, string>
            {
                { (byte)'i', "INST" }, { (byte)'o', "OBJ" }, { 0x81, "NEWOBJ" }, { 0x92, "NEWOBJ_EX" }, { 0x93, "STACK_GLOBAL" }, { 0x82, "EXT1" },
                { (byte)'P', "PERSID" }, { (byte)'I', "INT" }, { (byte)'2', "DUP" }, { 0x97, "NEXT_BUFFER" },
            };
            foreach (var opcode in Enumerable.Range(0, 256).Where(value => !Obeyed.Contains((char)value)))
            {
                data.Add((byte)opcode, "It was not obeyed");
            }

            return data;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("subprocess", "Popen")]
    [InlineData("torch", "load")]
    [InlineData("torch.storage", "UntypedStorage")]
    [InlineData("torch._utils", "_rebuild_device_tensor_from_numpy")]
    [InlineData("numpy.core.multiarray", "scalar")]
    public void Open_OtherGlobal_IsRefusedByName(string module, string name)
    {
        var pickle = new PickleBuilder().Op("}").Text("w").Global(module, name).Text("touch owned").Raw(0x85).Op("Rs.").Build();
        var refusal = Refusal(TorchArchiveBuilder.Build(pickle));
        Assert.Contains($"asks for '{module}.{name}'", refusal, StringComparison.Ordinal);
        Assert.Contains("Nothing was run", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RefusedOpcodes))]
    public void Open_OtherOpcode_IsRefusedByName(byte opcode, string name)
    {
        var pickle = new PickleBuilder().Op("}").Text("w").Raw(opcode, 0, 0, 0, 0).Op("s.").Build();
        Assert.Contains(name, Refusal(TorchArchiveBuilder.Build(pickle)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "malformed")]
    [InlineData(".", "does not end with one object")]
    [InlineData("}}.", "does not end with one object")]
    [InlineData("}(.", "does not end with one object")]
    [InlineData("}.}", "does not end with one object")]
    [InlineData("}", "ends too early")]
    [InlineData("s.", "not there")]
    [InlineData("}(s.", "not there")]
    [InlineData("}NNR.", "cannot be called")]
    [InlineData("})R.", "cannot be called")]
    [InlineData("t.", "mark that is not there")]
    [InlineData("}(Nu.", "no dictionary")]
    [InlineData("](NNu.", "no dictionary")]
    [InlineData("}(Ne.", "no list")]
    [InlineData("h\u0001.", "recalls object 1")]
    [InlineData("X\u00FF\u00FF\u00FF\u00FFab.", "ends too early")]
    [InlineData("X\u0001\0\0\0\u00FF.", "not valid UTF-8")]
    [InlineData("\u008A\u0009123456789.", "beyond 64 bits")]
    [InlineData("cos", "ends inside a name")]
    [InlineData("}}b.", "sets attributes (BUILD)")]
    [InlineData("NQ.", "refers to a storage in a form")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "calls torch._utils._rebuild_tensor_v2")]
    [InlineData("ctorch\nFloatStorage\n)R.", "calls torch.FloatStorage")]
    [InlineData("].", "not hold a dictionary")]
    [InlineData("N.", "not hold a dictionary")]
    [InlineData("}.", "no tensors under names")]
    public void Open_MalformedPickle_SaysWhatIsWrong(string opcodes, string message) =>
        Assert.Contains(message, Refusal(TorchArchiveBuilder.Build(new PickleBuilder().Op(opcodes).Build())), StringComparison.Ordinal);

    [Fact]
    public void Open_DictionaryInItself_IsNotFollowed()
    {
        var pickle = new PickleBuilder().Op("}q\0").Text("self").Op("h\0s.").Build();
        Assert.Contains("no tensors under names", Refusal(TorchArchiveBuilder.Build(pickle)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('(', 1000, "nested more than 64 deep")]
    [InlineData('}', 1_000_000, "more than 1000000 operations")]
    public void Open_EndlessPickle_IsRefusedWithoutMuchMemory(char opcode, int times, string message)
    {
        var archive = TorchArchiveBuilder.Build(new PickleBuilder().Op(new string(opcode, times)).Build());
        var path = Write(archive);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(message, Assert.Throws<CheckpointFormatException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Fact]
    public void Open_MemoWithoutEnd_IsRefused()
    {
        var pickle = new PickleBuilder().Op("}");
        for (var i = 0; i <= 500_000; i++)
        {
            pickle.Raw((byte)'r', (byte)i, (byte)(i >> 8), (byte)(i >> 16), 0);
        }

        Assert.Contains("remembers more than 500000", Refusal(TorchArchiveBuilder.Build(pickle.Op(".").Build())), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PickleTooLong_IsRefusedBeforeItIsRead() =>
        Assert.Contains("at most 16777216", Refusal(TorchArchiveBuilder.Build(new byte[(16 << 20) + 1])), StringComparison.Ordinal);

    [Fact]
    public void Open_OtherProtocol_SaysSo() => Assert.Contains("protocol 2", Refusal(TorchArchiveBuilder.Build([0x80, 4, (byte)'}', (byte)'.'])), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(MisfittingViews))]
    public void Open_ViewBeyondItsStorage_NamesTheTensor(long count, long offset, long[] shape, long[] strides) =>
        Assert.Contains(
            "The tensor 'w'",
            Refusal(TorchArchiveBuilder.Build(PickleBuilder.OneTensor(count, offset, shape, strides), ("0", new byte[count * 4]))),
            StringComparison.Ordinal);

    [Fact]
    public void Open_NegativeShape_IsRefused() =>
        Assert.Contains("whole numbers from 0", Refusal(TorchArchiveBuilder.Build(PickleBuilder.OneTensor(4, 0, [-1], [1]), ("0", new byte[16]))), StringComparison.Ordinal);

    [Theory]
    [InlineData(15)]
    [InlineData(12)]
    [InlineData(20)]
    [InlineData(0)]
    public void Open_StorageOfOtherSize_NamesTheTensor(int bytes) =>
        Assert.Contains(
            $"storage of the tensor 'w' has {bytes} bytes",
            Refusal(TorchArchiveBuilder.Build(PickleBuilder.OneTensor(4, 0, [4], [1]), ("0", new byte[bytes]))),
            StringComparison.Ordinal);

    [Fact]
    public void Open_StorageMissing_NamesIt() =>
        Assert.Contains("the storage '0'", Refusal(TorchArchiveBuilder.Build(PickleBuilder.OneTensor(4, 0, [4], [1]))), StringComparison.Ordinal);

    [Fact]
    public void Open_CompressedStorage_IsRefused()
    {
        var archive = new TorchArchiveBuilder().Add("data.pkl", PickleBuilder.OneTensor(4096, 0, [4096], [1]))
            .Add("data/0", new byte[4 * 4096], CompressionLevel.Optimal).Build();
        Assert.Contains("'archive/data/0' is compressed", Refusal(archive), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("big", "not little-endian")]
    [InlineData("little", null)]
    [InlineData("a text that is far too long", "at most 16")]
    public void Open_ByteOrder_OnlyLittleIsRead(string order, string? message)
    {
        var archive = new TorchArchiveBuilder().Add("data.pkl", PickleBuilder.OneTensor(4, 0, [4], [1])).Add("byteorder", order).Add("data/0", new byte[16]).Build();
        if (message is null)
        {
            using var checkpoint = Checkpoint.Open(Write(archive));
            Assert.Single(checkpoint.Tensors);
        }
        else
        {
            Assert.Contains(message, Refusal(archive), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_TensorsInSeveralDictionaries_NamesThem()
    {
        var pickle = new PickleBuilder().Op("}").Text("model").Op("}").Text("w").Tensor(1, 0, [1], [1]).Op("ss")
            .Text("ema").Op("}").Text("w").Tensor(1, 0, [1], [1]).Op("ss.").Build();
        Assert.Contains("several places ('model', 'ema')", Refusal(TorchArchiveBuilder.Build(pickle, ("0", new byte[4]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TensorTwiceOrWithoutName_IsRefused()
    {
        var twice = new PickleBuilder().Op("}").Text("w").Tensor(1, 0, [1], [1]).Op("s").Text("w").Tensor(1, 0, [1], [1]).Op("s.").Build();
        Assert.Contains("'w' twice", Refusal(TorchArchiveBuilder.Build(twice, ("0", new byte[4]))), StringComparison.Ordinal);
        var nameless = new PickleBuilder().Op("}").Number(3).Tensor(1, 0, [1], [1]).Op("s.").Build();
        Assert.Contains("key is not a name", Refusal(TorchArchiveBuilder.Build(nameless, ("0", new byte[4]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ZipOfOtherThings_IsRefused()
    {
        Assert.Contains("0 records data.pkl", Refusal(new TorchArchiveBuilder().Add("readme", "x").Build()), StringComparison.Ordinal);
        Assert.Contains("2 records data.pkl", Refusal(new TorchArchiveBuilder().Add("data.pkl", "x").Add("b/data.pkl", "x").Build()), StringComparison.Ordinal);
        Assert.Contains("no zip archive", Refusal("not an archive"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("no zip archive", Refusal([]), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DirectoryThatClaimsTooMuch_IsRefusedWithoutAllocatingIt()
    {
        var archive = TorchArchiveBuilder.Build(PickleBuilder.OneTensor(4, 0, [4], [1]), ("0", new byte[16]));
        var end = archive.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        BinaryPrimitives.WriteUInt16LittleEndian(archive.AsSpan(end + 10), ushort.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(end + 12), int.MaxValue);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("its directory claims", Refusal(archive), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void Open_RecordThatClaimsTooMuch_IsRefusedWithoutAllocatingIt()
    {
        var archive = TorchArchiveBuilder.Build(PickleBuilder.OneTensor(4, 0, [4], [1]), ("0", new byte[16]));
        var entry = archive.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(entry + 20), 15_000_000);
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(entry + 24), 15_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("'archive/data.pkl' does not lie where its directory says", Refusal(archive), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void Open_TensorNameWithLineBreak_DoesNotReachTheMessage()
    {
        var pickle = new PickleBuilder().Op("}").Text("w\nERROR forged").Tensor(1, 0, [9], [1]).Op("s.").Build();
        Assert.DoesNotContain('\n', Refusal(TorchArchiveBuilder.Build(pickle, ("0", new byte[4]))));
    }

    [Theory]
    [InlineData("torch-bin-oddities", "plain_dict.bin")]
    [InlineData("torch-bin-oddities", "nested.bin")]
    [InlineData("torch-bin-oddities", "expected.safetensors")]
    public void Open_MutatedFile_NothingButFormatExceptionAndNoLargeAllocation(string golden, string file)
    {
        var whole = File.ReadAllBytes(RepositoryFiles.Golden(golden, file));
        var mutation = Gen.OneOf(
            Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, (at, value) => (Action<List<byte>>)(bytes => bytes[at % bytes.Count] = value)),
            Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[1, 64], (at, count) => (Action<List<byte>>)(bytes =>
                bytes.RemoveRange(at % bytes.Count, Math.Min(count, bytes.Count - 1 - (at % bytes.Count))))),
            Gen.Select(Gen.Int[0, whole.Length - 9], Gen.ULong, (at, value) => (Action<List<byte>>)(bytes =>
            {
                for (var i = 0; i < 8; i++)
                {
                    bytes[(at + i) % bytes.Count] = (byte)(value >> (8 * i));
                }
            })),
            Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, whole.Length - 1], Gen.Int[1, 64], (from, to, count) => (Action<List<byte>>)(bytes =>
                bytes.InsertRange(to % bytes.Count, bytes.GetRange(from % bytes.Count, Math.Min(count, bytes.Count - (from % bytes.Count)))))));
        mutation.Array[1, 3].Sample(
            mutations =>
            {
                var bytes = whole.ToList();
                foreach (var mutate in mutations)
                {
                    mutate(bytes);
                }

                var path = Path.Combine(_folder.FullName, Path.GetRandomFileName() + Path.GetExtension(file));
                File.WriteAllBytes(path, [.. bytes]);
                OpenAndReadAll(path);
                File.Delete(path);
            },
            iter: 3_000);
    }

    private static void OpenAndReadAll(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            foreach (var tensor in checkpoint.Tensors.Values)
            {
                var read = 0L;
                checkpoint.Read(tensor.Name, piece => read += piece.Length);
                Assert.Equal(tensor.ByteCount, read);
            }
        }
        catch (CheckpointFormatException)
        {
            // The one allowed outcome beside a file that is still well formed.
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    private string Refusal(byte[] content)
    {
        var path = Write(content);
        var message = Assert.Throws<CheckpointFormatException>(() => Checkpoint.Open(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        return message;
    }

    private string Write(byte[] content)
    {
        var path = Path.Combine(_folder.FullName, "pytorch_model.bin");
        File.WriteAllBytes(path, content);
        return path;
    }
}
