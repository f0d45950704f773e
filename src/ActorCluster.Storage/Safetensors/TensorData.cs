using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ActorCluster.Storage;

/// <summary>A tensor to be written.</summary>
public sealed class TensorData
{
    private readonly Action<Stream> write;

    private TensorData(string name, TensorType type, ImmutableArray<long> shape, long byteCount, Action<Stream> write)
    {
        Name = name;
        Type = type;
        Shape = shape;
        ByteCount = byteCount;
        this.write = write;
    }

    /// <summary>Its name, unique in the file.</summary>
    public string Name { get; }

    /// <summary>Its element type.</summary>
    public TensorType Type { get; }

    /// <summary>Its dimensions, outermost first; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Its size in bytes.</summary>
    public long ByteCount { get; }

    /// <summary>Describes a tensor over an array, which is not copied.</summary>
    /// <typeparam name="T">The .NET type that <see cref="TensorType"/> gives for <paramref name="type"/>.</typeparam>
    /// <param name="name">Its name, not empty and not <c>__metadata__</c>.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="values">Its elements, the last dimension fastest.</param>
    /// <param name="shape">Its dimensions; their product is the number of elements.</param>
    /// <exception cref="ArgumentException">Name, type, shape and elements do not agree.</exception>
    public static TensorData Create<T>(string name, TensorType type, ReadOnlyMemory<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        if (name.Length == 0 || name == "__metadata__")
        {
            throw new ArgumentException($"'{name}' cannot name a tensor.", nameof(name));
        }

        if (type.Element() != typeof(T))
        {
            throw new ArgumentException($"Tensor '{name}' of type {type.Name()} is not made of {typeof(T).Name}.", nameof(values));
        }

        var count = 1L;
        foreach (var size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            count = checked(count * size);
        }

        if (count != values.Length)
        {
            throw new ArgumentException($"Tensor '{name}' has {values.Length} elements but its shape needs {count}.", nameof(shape));
        }

        return new TensorData(name, type, [.. shape], count * type.Width(), stream => WriteBytes(stream, values.Span));
    }

    /// <summary>Leaves room for a tensor whose elements its owner writes later; the stream must be able to seek.</summary>
    internal static TensorData Reserve(string name, TensorType type, params ReadOnlySpan<long> shape)
    {
        var bytes = (long)type.Width();
        foreach (var size in shape)
        {
            bytes = checked(bytes * size);
        }

        return new TensorData(name, type, [.. shape], bytes, stream => stream.Seek(bytes, SeekOrigin.Current));
    }

    internal void WriteTo(Stream stream) => write(stream);

    private static void WriteBytes<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        const int Step = 1 << 26;
        for (var at = 0; at < values.Length; at += Step)
        {
            stream.Write(MemoryMarshal.AsBytes(values.Slice(at, Math.Min(Step, values.Length - at))));
        }
    }
}
