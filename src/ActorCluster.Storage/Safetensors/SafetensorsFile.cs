using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ActorCluster.Storage;

/// <summary>
/// An open safetensors file (https://github.com/huggingface/safetensors#format). The header is checked in full on opening; tensors are read one
/// by one, in whole or in part, so memory does not grow with the file. Not for use by several threads at once.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>The longest accepted header in bytes, as in the reference implementation.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    private const int LengthBytes = 8;
    private readonly Stream stream;
    private readonly Dictionary<string, TensorInfo> byName;

    private SafetensorsFile(Stream stream, ImmutableArray<TensorInfo> tensors, ImmutableSortedDictionary<string, string> metadata)
    {
        this.stream = stream;
        Tensors = tensors;
        Metadata = metadata;
        byName = tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    /// <summary>The tensors in the header's order.</summary>
    public ImmutableArray<TensorInfo> Tensors { get; }

    /// <summary>The header's <c>__metadata__</c>; empty when there is none.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SafetensorsFormatException">The file is not well formed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Open(string path) =>
        Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.RandomAccess));

    /// <summary>Opens a file from a stream, which the result owns, and which is disposed if the file is not well formed.</summary>
    /// <param name="stream">A seekable stream, read from its start.</param>
    /// <exception cref="SafetensorsFormatException">The content is not well formed.</exception>
    public static SafetensorsFile Open(Stream stream)
    {
        try
        {
            var fileLength = stream.Length;
            if (fileLength < LengthBytes)
            {
                throw new SafetensorsFormatException($"The file has {fileLength} bytes; even the header's length needs {LengthBytes}.");
            }

            Span<byte> prefix = stackalloc byte[LengthBytes];
            stream.Position = 0;
            ReadExactly(stream, prefix, "the header's length");
            var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            var rest = fileLength - LengthBytes;
            if (headerLength > MaxHeaderBytes || headerLength > (ulong)rest)
            {
                throw new SafetensorsFormatException(
                    $"The header claims {headerLength} bytes; at most {Math.Min(MaxHeaderBytes, rest)} are possible in this file.");
            }

            var header = new byte[(int)headerLength];
            ReadExactly(stream, header, "the header");
            var (tensors, metadata) = SafetensorsHeader.Parse(header, LengthBytes + header.Length, rest - header.Length);
            return new SafetensorsFile(stream, tensors, metadata);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file has a tensor of this name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>A tensor's description.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="SafetensorsFormatException">The file has no such tensor.</exception>
    public TensorInfo Find(string name) =>
        byName.TryGetValue(name, out var tensor) ? tensor : throw new SafetensorsFormatException($"The file has no tensor '{name}'.");

    /// <summary>Reads a whole tensor, row by row.</summary>
    /// <typeparam name="T">The .NET type that <see cref="TensorType"/> gives for the tensor's type; <see cref="byte"/> for booleans.</typeparam>
    /// <param name="name">The tensor's name.</param>
    /// <returns>Its elements, the last dimension fastest.</returns>
    /// <exception cref="SafetensorsFormatException">
    /// There is no such tensor, it has another type, it is too large for one array (read it in parts), or the file has become shorter.
    /// </exception>
    public T[] Read<T>(string name)
        where T : unmanaged
    {
        var tensor = Find(name);
        if (tensor.ElementCount > Array.MaxLength)
        {
            throw new SafetensorsFormatException($"Tensor '{name}' has {tensor.ElementCount} elements, too many for one array; read it in parts.");
        }

        CheckType<T>(tensor);
        var values = new T[tensor.ElementCount];
        ReadInto(name, 0, values.AsSpan());
        return values;
    }

    /// <summary>Reads a part of a tensor.</summary>
    /// <typeparam name="T">As in <see cref="Read{T}"/>.</typeparam>
    /// <param name="name">The tensor's name.</param>
    /// <param name="start">The first element to read.</param>
    /// <param name="destination">Where to; its length is the number of elements to read.</param>
    /// <exception cref="SafetensorsFormatException">There is no such tensor, it has another type, or the file has become shorter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The part is not inside the tensor.</exception>
    public void ReadInto<T>(string name, long start, Span<T> destination)
        where T : unmanaged
    {
        var tensor = Find(name);
        CheckType<T>(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, tensor.ElementCount - destination.Length);
        stream.Position = tensor.Offset + (start * tensor.Type.Width());

        // A span of bytes holds at most 2^31-1 of them; the elements may need more.
        const int Step = 1 << 26;
        for (var at = 0; at < destination.Length; at += Step)
        {
            var part = destination.Slice(at, Math.Min(Step, destination.Length - at));
            ReadExactly(stream, MemoryMarshal.AsBytes(part), $"tensor '{name}'");
        }
    }

    /// <summary>Reads a part of a tensor as it stands in the file, whatever its type.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="start">The first byte of the tensor to read.</param>
    /// <param name="destination">Where to; its length is the number of bytes to read. They are little-endian.</param>
    /// <exception cref="SafetensorsFormatException">There is no such tensor, or the file has become shorter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The part is not inside the tensor.</exception>
    public void ReadBytesInto(string name, long start, Span<byte> destination)
    {
        var tensor = Find(name);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, tensor.ByteCount - destination.Length);
        stream.Position = tensor.Offset + start;
        ReadExactly(stream, destination, $"tensor '{name}'");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    private static void CheckType<T>(TensorInfo tensor)
    {
        if (tensor.Type.Element() != typeof(T))
        {
            throw new SafetensorsFormatException($"Tensor '{tensor.Name}' has type {tensor.Type.Name()}, which is not read as {typeof(T).Name}.");
        }
    }

    private static void ReadExactly(Stream stream, Span<byte> bytes, string what)
    {
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new SafetensorsFormatException($"The file ended inside {what}.", e);
        }
    }
}
