using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorCluster.Models.Checkpoints;

/// <summary>
/// Reads the pickle of a PyTorch checkpoint (protocol 2; opcodes: CPython's <c>Lib/pickletools.py</c>) as data: dictionaries, tuples, numbers,
/// strings, and tensors as descriptions. It has no way to run anything: a global that is not one of the few in <see cref="PickleGlobal"/>, or any
/// other opcode than those that PyTorch writes, is refused by name. Time and memory are linear in the pickle's length; nothing recurses.
/// </summary>
internal sealed class PickleReader
{
    /// <summary>The longest accepted pickle: 16 MiB. A large model's has some 100 kB.</summary>
    public const int MaxBytes = 16 << 20;

    private const int MaxOperations = 1_000_000;
    private const int MaxMemo = 500_000;
    private const int MaxDepth = 64;

    private static readonly object True = true;
    private static readonly object False = false;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> pickle;
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];
    private int at;

    private PickleReader(ReadOnlyMemory<byte> pickle) => this.pickle = pickle;

    /// <summary>Reads a pickle.</summary>
    /// <returns>
    /// The object in it: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, an array (a tuple),
    /// <see cref="PickleList"/>, <see cref="PickleDictionary"/>, <see cref="PickleGlobal"/>, <see cref="PickledStorage"/> or <see cref="PickledTensor"/>.
    /// </returns>
    /// <exception cref="CheckpointFormatException">It is malformed or holds more than that. The message names no file.</exception>
    public static object? Read(ReadOnlyMemory<byte> pickle) => new PickleReader(pickle).Read();

    private object? Read()
    {
        if (pickle.Length > MaxBytes)
        {
            throw new CheckpointFormatException($"Its pickle has {pickle.Length} bytes; at most {MaxBytes} are read.");
        }

        if (Byte() != PickleOpcodes.Proto || Byte() is not 2)
        {
            throw new CheckpointFormatException("Its pickle is not of protocol 2, which torch.save writes. Save it again with torch.save's own settings.");
        }

        for (var operations = 0; operations < MaxOperations; operations++)
        {
            var opcode = Byte();
            if (opcode == PickleOpcodes.Stop)
            {
                return stack.Count == 1 && marks.Count == 0 && at == pickle.Length
                    ? stack[0]
                    : throw Malformed("it does not end with one object");
            }

            Obey(opcode);
        }

        throw new CheckpointFormatException($"Its pickle has more than {MaxOperations} operations, far more than a model's.");
    }

    private void Obey(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcodes.None: Push(null); break;
            case PickleOpcodes.NewTrue: Push(True); break;
            case PickleOpcodes.NewFalse: Push(False); break;
            case PickleOpcodes.BinInt1: Push((long)Byte()); break;
            case PickleOpcodes.BinInt2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case PickleOpcodes.BinInt: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case PickleOpcodes.Long1: Push(Long(Bytes(Byte()))); break;
            case PickleOpcodes.BinFloat: Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case PickleOpcodes.BinUnicode: Push(Text(Bytes(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))))); break;
            case PickleOpcodes.Mark: Mark(); break;
            case PickleOpcodes.EmptyTuple: Push(Array.Empty<object?>()); break;
            case PickleOpcodes.Tuple1: Push(PopTuple(1)); break;
            case PickleOpcodes.Tuple2: Push(PopTuple(2)); break;
            case PickleOpcodes.Tuple3: Push(PopTuple(3)); break;
            case PickleOpcodes.Tuple: Push(PopMarked()); break;
            case PickleOpcodes.EmptyList: Push(new PickleList()); break;
            case PickleOpcodes.Append: Pop(); Append(); break;
            case PickleOpcodes.Appends: PopMarked(); Append(); break;
            case PickleOpcodes.EmptyDict: Push(new PickleDictionary(ordered: false)); break;
            case PickleOpcodes.SetItem: SetItems(PopTuple(2)); break;
            case PickleOpcodes.SetItems: SetItems(PopMarked()); break;
            case PickleOpcodes.BinPut: Memorize(Byte()); break;
            case PickleOpcodes.LongBinPut: Memorize(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))); break;
            case PickleOpcodes.BinGet: Push(Recall(Byte())); break;
            case PickleOpcodes.LongBinGet: Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
            case PickleOpcodes.Global: Push(Global(Line(), Line())); break;
            case PickleOpcodes.BinPersId: Push(PickleConstruction.Storage(Pop())); break;
            case PickleOpcodes.Reduce: Reduce(); break;
            case PickleOpcodes.Build: Build(); break;
            default:
                throw new CheckpointFormatException(
                    $"Its pickle has the operation {PickleOpcodes.NameOfRefused(opcode)}, which tensors do not need. It was not obeyed. Save only the state "
                    + "dictionary, best as safetensors.");
        }
    }

    private static PickleGlobal Global(string module, string name)
    {
        var full = $"{module}.{name}";
        return PickleGlobal.Find(full) ?? throw new CheckpointFormatException(
            $"Its pickle asks for {Quoted.Text(full)}, which is not a part of a tensor. Nothing was run. If you trust the file, load it in PyTorch and save "
            + "the state dictionary alone, best as safetensors.");
    }

    private void Reduce()
    {
        var arguments = Pop();
        var callable = Pop();
        Push(callable is PickleGlobal global && arguments is object?[] tuple
            ? PickleConstruction.Call(global, tuple)
            : throw Malformed("it calls what cannot be called"));
    }

    // An OrderedDict's attributes: PyTorch keeps the modules' versions there, which say nothing about the tensors.
    private void Build()
    {
        var state = Pop();
        if (Peek() is not PickleDictionary { Ordered: true } || state is not PickleDictionary)
        {
            throw new CheckpointFormatException(
                "Its pickle sets attributes (BUILD) on something else than an OrderedDict. It was not obeyed. Save only the state dictionary, best as "
                + "safetensors.");
        }
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDictionary dictionary || items.Length % 2 != 0)
        {
            throw Malformed("it sets items on what is no dictionary");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            dictionary.Add(items[i], items[i + 1]);
        }
    }

    private void Append()
    {
        if (Peek() is not PickleList)
        {
            throw Malformed("it appends to what is no list");
        }
    }

    private void Mark()
    {
        if (marks.Count == MaxDepth)
        {
            throw new CheckpointFormatException($"Its pickle is nested more than {MaxDepth} deep.");
        }

        marks.Add(stack.Count);
    }

    private void Memorize(uint index)
    {
        memo[index] = Peek();
        if (memo.Count > MaxMemo)
        {
            throw new CheckpointFormatException($"Its pickle remembers more than {MaxMemo} objects, far more than a model's.");
        }
    }

    private object? Recall(uint index) =>
        memo.TryGetValue(index, out var value) ? value : throw Malformed($"it recalls object {index}, which it did not remember");

    private void Push(object? value) => stack.Add(value);

    private object? Peek()
    {
        var bottom = marks.Count == 0 ? 0 : marks[^1];
        return stack.Count > bottom ? stack[^1] : throw Malformed("it takes an object that is not there");
    }

    private object? Pop()
    {
        var value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object?[] PopTuple(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        return items;
    }

    private object?[] PopMarked()
    {
        if (marks.Count == 0)
        {
            throw Malformed("it goes back to a mark that is not there");
        }

        var start = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        var items = CollectionsMarshal.AsSpan(stack)[start..].ToArray();
        stack.RemoveRange(start, items.Length);
        return items;
    }

    private byte Byte() => Bytes(1)[0];

    private ReadOnlySpan<byte> Bytes(uint count)
    {
        if (count > pickle.Length - at)
        {
            throw Malformed("it ends too early");
        }

        var bytes = pickle.Span.Slice(at, (int)count);
        at += (int)count;
        return bytes;
    }

    private string Line()
    {
        var length = pickle.Span[at..].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Malformed("it ends inside a name");
        }

        var line = Text(Bytes((uint)length));
        at++;
        return line;
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("it has text that is not valid UTF-8");
        }
    }

    private long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > sizeof(long))
        {
            throw Malformed("it has a number beyond 64 bits");
        }

        var value = 0L;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = i == bytes.Length - 1 ? (sbyte)bytes[i] : (value << 8) | bytes[i];
        }

        return value;
    }

    private CheckpointFormatException Malformed(string how) => new(
        string.Create(CultureInfo.InvariantCulture, $"Its pickle is malformed: {how} (byte {at}). Download the file again."));
}
