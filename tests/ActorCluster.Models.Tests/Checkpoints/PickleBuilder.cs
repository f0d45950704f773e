using System.Buffers.Binary;
using System.Text;

namespace ActorCluster.Models.Tests.Checkpoints;

/// <summary>Writes protocol 2 pickles, opcode by opcode.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> bytes = [0x80, 2];

    /// <summary>A pickled dictionary with one tensor "w" of float32 on storage "0".</summary>
    public static byte[] OneTensor(long count, long offset, long[] shape, long[] strides) =>
        new PickleBuilder().Op("}").Text("w").Tensor(count, offset, shape, strides).Op("s.").Build();

    public PickleBuilder Op(string opcodes)
    {
        bytes.AddRange(Encoding.Latin1.GetBytes(opcodes));
        return this;
    }

    public PickleBuilder Raw(params byte[] raw)
    {
        bytes.AddRange(raw);
        return this;
    }

    public PickleBuilder Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleBuilder Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Op("X").Raw(length).Raw(utf8);
    }

    public PickleBuilder Number(long number)
    {
        var long8 = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(long8, number);
        return Raw(0x8A, 8).Raw(long8);
    }

    public PickleBuilder Tensor(long count, long offset, long[] shape, long[] strides, string key = "0", string storage = "FloatStorage")
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op("((").Text("storage").Global("torch", storage).Text(key).Text("cpu").Number(count).Op("tQ");
        Number(offset).Tuple(shape).Tuple(strides).Raw(0x89);
        return Global("collections", "OrderedDict").Op(")RtR");
    }

    public byte[] Build() => [.. bytes];

    private PickleBuilder Tuple(long[] numbers)
    {
        Op("(");
        foreach (var number in numbers)
        {
            Number(number);
        }

        return Op("t");
    }
}
