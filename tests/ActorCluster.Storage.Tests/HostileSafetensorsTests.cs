using System.Buffers.Binary;
using System.Text;
using CsCheck;

namespace ActorCluster.Storage.Tests;

public sealed class HostileSafetensorsTests
{
    private const string Two = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[2],"data_offsets":[8,10]}}""";

    [Fact]
    public void Open_WellFormed_IsAccepted()
    {
        using var file = SafetensorsFile.Open(File(Two, 10));
        Assert.Equal(["a", "b"], file.Tensors.Select(t => t.Name));
    }

    [Theory]
    [InlineData("", 0, "does not start with '{'")]
    [InlineData("[]", 0, "does not start with '{'")]
    [InlineData(" {}", 0, "does not start with '{'")]
    [InlineData("{", 0, "not valid JSON")]
    [InlineData("{}x", 0, "not valid JSON")]
    [InlineData("{}{}", 0, "not valid JSON")]
    [InlineData("""{"a":1}""", 0, "'a' must have an object")]
    [InlineData("""{"a":{}}""", 0, "lacks a dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "names 'a' twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "names 'k' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "names '__metadata__' twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "only strings")]
    [InlineData("""{"__metadata__":[]}""", 0, "an object")]
    [InlineData("""{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}""", 1, "unsupported type 'F8'")]
    [InlineData("""{"a":{"dtype":1,"shape":[1],"data_offsets":[0,1]}}""", 1, "a string")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1, "whole number")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1, "whole number")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}}""", 1, "whole number")]
    [InlineData("""{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}""", 1, "whole number")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}}""", 1, "whole number")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "overflows")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", 0, "overflows")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", 1, "pair of data_offsets")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}""", 1, "pair of data_offsets")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1, "claims bytes 1 to 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 1, "claims bytes 0 to 2 of 1")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9000000000000000000],"data_offsets":[0,9000000000000000000]}}""", 1, "of 1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes but claims 4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "a hole")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "overlaps")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 2, "2 bytes follow the header")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"shape":[1]}}""", 1, "repeated field 'shape'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"stride":[1]}}""", 1, "unknown or repeated field 'stride'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}}""", 1, "whole number")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},}""", 1, "not valid JSON")]
    public void Open_HostileHeader_SaysWhatIsWrong(string header, int dataLength, string message)
    {
        var thrown = Assert.Throws<SafetensorsFormatException>(() => SafetensorsFile.Open(File(header, dataLength)));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_InvalidUtf8Name_IsRefused()
    {
        byte[] header = [.. "{\""u8, 0xFF, .. "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"u8];
        Assert.Throws<SafetensorsFormatException>(() => SafetensorsFile.Open(File(header, 0)));
    }

    [Theory]
    [InlineData(0UL, 7)]
    [InlineData(1UL, 8)]
    [InlineData(100_000_001UL, 8)]
    [InlineData(99_999_999UL, 8)]
    [InlineData(ulong.MaxValue, 64)]
    public void Open_HeaderLengthBeyondTheFile_IsRefusedWithoutAllocatingIt(ulong length, int fileBytes)
    {
        var bytes = new byte[Math.Max(8, fileBytes)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<SafetensorsFormatException>(() => SafetensorsFile.Open(new MemoryStream(bytes, 0, fileBytes)));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Open_DeepNesting_IsRefused() =>
        Assert.Throws<SafetensorsFormatException>(() => SafetensorsFile.Open(File("{\"a\":" + new string('[', 100_000), 0)));

    [Fact]
    public void Open_FlippedBytes_NothingButFormatExceptionAndNoLargeAllocation()
    {
        var golden = System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "goldens", "safetensors", "every-type.safetensors"));
        var headerEnd = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(golden);
        var flips = Gen.Select(Gen.Int[0, headerEnd - 1], Gen.Byte).Array[1, 4];
        flips.Sample(changes =>
        {
            var bytes = (byte[])golden.Clone();
            foreach (var (at, value) in changes)
            {
                bytes[at] = value;
            }

            ReadAll(bytes);
        }, iter: 20_000);
    }

    [Fact]
    public void Open_CutFile_NothingButFormatException()
    {
        var golden = System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "goldens", "safetensors", "every-type.safetensors"));
        for (var length = 0; length < golden.Length; length++)
        {
            Assert.Throws<SafetensorsFormatException>(() => SafetensorsFile.Open(new MemoryStream(golden, 0, length)));
        }
    }

    private static void ReadAll(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var file = SafetensorsFile.Open(new MemoryStream(bytes));
            foreach (var tensor in file.Tensors)
            {
                Assert.InRange(tensor.Offset + tensor.ByteCount, 0, bytes.Length);
                Assert.InRange(tensor.Offset, 0, bytes.Length);
            }
        }
        catch (SafetensorsFormatException)
        {
            // The one allowed outcome beside a file that is still well formed.
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    private static MemoryStream File(string header, int dataLength) => File(Encoding.UTF8.GetBytes(header), dataLength);

    private static MemoryStream File(byte[] header, int dataLength)
    {
        var bytes = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        return new MemoryStream(bytes);
    }
}
