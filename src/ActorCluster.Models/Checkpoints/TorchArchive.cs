using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorCluster.Models.Checkpoints;

/// <summary>
/// The zip archive that <c>torch.save</c> writes since PyTorch 1.6: <c>NAME/data.pkl</c>, <c>NAME/data/KEY</c> for each storage, and small records.
/// All entries are stored, not compressed, so each is a range of the file. Format: PKWARE's APPNOTE.TXT 6.3, with ZIP64.
/// </summary>
internal sealed class TorchArchive : IDisposable
{
    private const uint LocalSignature = 0x04034B50;
    private const int LocalBytes = 30;
    private const string PickleName = "/data.pkl";

    // How the protocol 2 pickle of the number 0x1950a86a20f9469cfc6c starts, with which the older format begins.
    private static readonly byte[] LegacyStart = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19];

    private readonly SafeFileHandle file;
    private readonly Dictionary<string, ZipEntry> entries;
    private readonly long dataEnd;
    private readonly string folder;

    private TorchArchive(SafeFileHandle file, ZipDirectory directory)
    {
        this.file = file;
        entries = directory.Entries;
        dataEnd = directory.Offset;
        var pickles = entries.Keys.Where(name => name.EndsWith(PickleName, StringComparison.Ordinal)).ToList();
        folder = pickles is [var only] && only.IndexOf('/', StringComparison.Ordinal) == only.Length - PickleName.Length
            ? only[..^PickleName.Length]
            : throw new CheckpointFormatException($"It is a zip archive with {pickles.Count} records data.pkl, not one in its one folder: not what torch.save writes.");
    }

    /// <summary>Opens a file and reads its directory.</summary>
    /// <exception cref="CheckpointFormatException">It is not such an archive. The message names no file.</exception>
    public static TorchArchive Open(string path)
    {
        var file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        try
        {
            Span<byte> start = stackalloc byte[LegacyStart.Length];
            var read = RandomAccess.Read(file, start, 0);
            if (start.SequenceEqual(LegacyStart))
            {
                throw new CheckpointFormatException(
                    "It is in the format before PyTorch 1.6, which is not read. Load it in PyTorch and save it again with torch.save, or as safetensors.");
            }

            if (read < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(start) != LocalSignature)
            {
                throw new CheckpointFormatException("It is not what torch.save writes (no zip archive). Download it again, or take the safetensors file.");
            }

            return new TorchArchive(file, ZipDirectory.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a small record whole.</summary>
    /// <param name="name">Its name in the archive's folder.</param>
    /// <param name="maxBytes">The most that it may have.</param>
    /// <returns>Its bytes; null where there is no such record.</returns>
    public byte[]? ReadRecord(string name, int maxBytes)
    {
        if (!entries.TryGetValue($"{folder}/{name}", out var entry))
        {
            return null;
        }

        if (entry.Size > maxBytes)
        {
            throw new CheckpointFormatException($"Its record {Quoted.Text(name)} has {entry.Size} bytes; at most {maxBytes} are read.");
        }

        // Whether the file has so many bytes is known only then.
        var start = Locate(entry);
        var bytes = new byte[entry.Size];
        Read(start, bytes);
        return bytes;
    }

    /// <summary>Where a storage's bytes lie in the file.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The first byte and their number.</returns>
    public (long Offset, long Bytes) FindStorage(string key) =>
        entries.TryGetValue($"{folder}/data/{key}", out var entry)
            ? (Locate(entry), entry.Size)
            : throw new CheckpointFormatException($"It lacks the record of the storage {Quoted.Text(key)}. Download the file again.");

    /// <summary>Reads a part of the file.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(file, destination, offset);
            if (read == 0)
            {
                throw new CheckpointFormatException("The file has become shorter while it was open.");
            }

            offset += read;
            destination = destination[read..];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private long Locate(ZipEntry entry)
    {
        if (!entry.IsStored)
        {
            throw new CheckpointFormatException(
                $"Its record {Quoted.Text(entry.Name)} is compressed or encrypted, which torch.save never does. Save it again with torch.save.");
        }

        Span<byte> local = stackalloc byte[LocalBytes];
        if (entry.LocalOffset > dataEnd - LocalBytes)
        {
            throw Malformed(entry);
        }

        Read(entry.LocalOffset, local);
        var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(local[26..]);
        var start = entry.LocalOffset + LocalBytes + nameLength + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalSignature || start > dataEnd || entry.Size > dataEnd - start)
        {
            throw Malformed(entry);
        }

        // The name stands twice; a directory that points at another record's bytes is a forgery.
        var name = new byte[nameLength];
        Read(entry.LocalOffset + LocalBytes, name);
        return Encoding.UTF8.GetString(name) == entry.Name ? start : throw Malformed(entry);
    }

    private static CheckpointFormatException Malformed(ZipEntry entry) =>
        new($"The zip archive's record {Quoted.Text(entry.Name)} does not lie where its directory says. Download the file again.");
}
