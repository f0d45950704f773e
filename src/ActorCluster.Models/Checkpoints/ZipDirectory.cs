using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorCluster.Models.Checkpoints;

/// <summary>An entry of a zip archive as its directory describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LocalOffset">Where its local header starts; not negative, not checked further.</param>
/// <param name="Size">Its bytes; not negative.</param>
/// <param name="IsStored">Whether its bytes are in the file as they are.</param>
internal sealed record ZipEntry(string Name, long LocalOffset, long Size, bool IsStored);

/// <summary>The central directory of a zip archive. Format: PKWARE's APPNOTE.TXT 6.3, sections 4.3.12 to 4.3.16 and 4.5.3.</summary>
/// <param name="Entries">The entries by name.</param>
/// <param name="Offset">Where the directory starts; all entries lie before it.</param>
internal sealed record ZipDirectory(Dictionary<string, ZipEntry> Entries, long Offset)
{
    private const int MaxBytes = 32 << 20;
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const int EntryBytes = 46;
    private const int MaxComment = ushort.MaxValue;

    /// <summary>Reads the directory of an open file.</summary>
    /// <exception cref="CheckpointFormatException">There is none, or it is malformed. The message names no file.</exception>
    public static ZipDirectory Read(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var tail = ReadRange(file, Math.Max(0, length - MaxComment - EndBytes - LocatorBytes), length);
        var end = FindEnd(tail);
        var endOffset = length - tail.Length + end;
        var record = tail.AsSpan(end);
        var count = (ulong)BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        var bytes = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        var offset = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (end >= LocatorBytes && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end - LocatorBytes)) == 0x07064B50)
        {
            var at = BinaryPrimitives.ReadUInt64LittleEndian(tail.AsSpan(end - LocatorBytes + 8));
            if (at > (ulong)Math.Max(0, endOffset - LocatorBytes - End64Bytes))
            {
                throw Malformed("its ZIP64 end lies outside of the file");
            }

            var end64 = ReadRange(file, (long)at, (long)at + End64Bytes).AsSpan();
            if (end64.Length < End64Bytes || BinaryPrimitives.ReadUInt32LittleEndian(end64) != 0x06064B50)
            {
                throw Malformed("its ZIP64 end is not where it should be");
            }

            (count, bytes, offset) = (Number(end64, 32), Number(end64, 40), Number(end64, 48));
            endOffset = (long)at;
        }

        if (offset > (ulong)endOffset || bytes > (ulong)endOffset - offset || bytes > MaxBytes || count > bytes / EntryBytes)
        {
            throw Malformed($"its directory claims {count} entries in {bytes} bytes at {offset}");
        }

        return new ZipDirectory(Parse(ReadRange(file, (long)offset, (long)(offset + bytes)), (int)count), (long)offset);
    }

    private static int FindEnd(ReadOnlySpan<byte> tail)
    {
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) == 0x06054B50
                && BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) == tail.Length - at - EndBytes)
            {
                return at;
            }
        }

        throw Malformed("it has no directory at its end, as a file that was cut");
    }

    private static Dictionary<string, ZipEntry> Parse(ReadOnlySpan<byte> bytes, int count)
    {
        var entries = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            if (bytes.Length < EntryBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != 0x02014B50)
            {
                throw Malformed($"entry {i} of its directory is missing");
            }

            var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
            var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]);
            var length = EntryBytes + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(bytes[32..]);
            if (length > bytes.Length)
            {
                throw Malformed($"entry {i} of its directory is cut");
            }

            var name = Encoding.UTF8.GetString(bytes.Slice(EntryBytes, nameLength));
            var entry = ParseEntry(name, bytes, bytes.Slice(EntryBytes + nameLength, extraLength));
            if (!entries.TryAdd(name, entry))
            {
                throw Malformed($"its directory names {Quoted.Text(name)} twice");
            }

            bytes = bytes[length..];
        }

        return entries;
    }

    private static ZipEntry ParseEntry(string name, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        // The ZIP64 field has, in this order, those of the three numbers that do not fit their 32 bits.
        var wide = Zip64Field(extra);
        var size = Widen(header[24..], ref wide);
        var compressed = Widen(header[20..], ref wide);
        var offset = Widen(header[42..], ref wide);
        if (size > long.MaxValue || offset > long.MaxValue)
        {
            throw Malformed($"its directory gives {Quoted.Text(name)} {size} bytes at {offset}");
        }

        var encrypted = (header[8] & 1) != 0;
        var method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        return new ZipEntry(name, (long)offset, (long)size, method == 0 && !encrypted && compressed == size);
    }

    private static ReadOnlySpan<byte> Zip64Field(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            var field = extra[4..];
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), field.Length);
            if (id == 1)
            {
                return field[..length];
            }

            extra = field[length..];
        }

        return [];
    }

    private static ulong Widen(ReadOnlySpan<byte> narrow, ref ReadOnlySpan<byte> wide)
    {
        var value = BinaryPrimitives.ReadUInt32LittleEndian(narrow);
        if (value != uint.MaxValue || wide.Length < sizeof(ulong))
        {
            return value;
        }

        var number = Number(wide, 0);
        wide = wide[sizeof(ulong)..];
        return number;
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static byte[] ReadRange(SafeFileHandle file, long start, long end)
    {
        var bytes = new byte[end - start];
        var filled = 0;
        while (filled < bytes.Length)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(filled), start + filled);
            if (read == 0)
            {
                throw Malformed("it ends too early");
            }

            filled += read;
        }

        return bytes;
    }

    private static CheckpointFormatException Malformed(string how) => new($"The zip archive is malformed: {how}. Download the file again.");
}
