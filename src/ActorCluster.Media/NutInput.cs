namespace ActorCluster.Media;

/// <summary>Reads up to a buffer's length; 0 at the end.</summary>
internal delegate int ReadBytes(Span<byte> buffer);

/// <summary>The bytes of a NUT stream: small fields through a small buffer, pictures past it.</summary>
/// <param name="read">Where the bytes come from.</param>
internal sealed class NutInput(ReadBytes read)
{
    private readonly byte[] buffer = new byte[32 * 1024];
    private int start;
    private int end;

    /// <summary>How many bytes have been consumed.</summary>
    public long Position { get; private set; }

    /// <summary>The next byte; -1 at the end.</summary>
    public int TryReadByte()
    {
        if (start == end)
        {
            (start, end) = (0, read(buffer));
            if (end == 0)
            {
                return -1;
            }
        }

        Position++;
        return buffer[start++];
    }

    /// <summary>The next byte.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public byte ReadByte()
    {
        var b = TryReadByte();
        return b >= 0 ? (byte)b : throw Truncated();
    }

    /// <summary>An unsigned number: seven bits a byte, the highest first, the top bit set on all but the last.</summary>
    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var i = 0; i < 10; i++)
        {
            var b = ReadByte();
            value = (value << 7) | (b & 0x7Fu);
            if ((b & 0x80) == 0)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number is longer than 64 bits.");
    }

    /// <summary>A signed number: 0, 1, -1, 2, -2 … are written as 0, 1, 2, 3, 4 ….</summary>
    public long ReadSignedVarint()
    {
        var value = (long)(ReadVarint() + 1);
        return (value & 1) != 0 ? -(value >> 1) : value >> 1;
    }

    /// <summary>An unsigned number that must fit an int.</summary>
    public int ReadLength()
    {
        var value = ReadVarint();
        return value <= int.MaxValue ? (int)value : throw new InvalidDataException($"{value} is no plausible length.");
    }

    /// <summary>Fills <paramref name="target"/>.</summary>
    public void ReadExactly(Span<byte> target)
    {
        Position += target.Length;
        var buffered = Math.Min(target.Length, end - start);
        buffer.AsSpan(start, buffered).CopyTo(target);
        start += buffered;
        for (target = target[buffered..]; !target.IsEmpty;)
        {
            var n = read(target);
            if (n == 0)
            {
                throw Truncated();
            }

            target = target[n..];
        }
    }

    /// <summary>Passes over bytes.</summary>
    /// <param name="count">How many, not negative.</param>
    public void Skip(long count)
    {
        if (count < 0)
        {
            throw new InvalidDataException("An element is longer than it says.");
        }

        Position += count;
        for (; count > end - start; start = 0)
        {
            count -= end - start;
            end = read(buffer);
            if (end == 0)
            {
                start = 0;
                throw Truncated();
            }
        }

        start += (int)count;
    }

    private static InvalidDataException Truncated() => new("The stream ends inside an element.");
}
