using System.IO.Compression;
using System.Text;

namespace ActorCluster.Models.Tests.Checkpoints;

/// <summary>Writes archives as <c>torch.save</c> does, and ones that it never would.</summary>
internal sealed class TorchArchiveBuilder
{
    private readonly List<(string Name, byte[] Bytes, CompressionLevel Level)> records = [];

    public static byte[] Build(byte[] pickle, params (string Key, byte[] Bytes)[] storages)
    {
        var builder = new TorchArchiveBuilder().Add("data.pkl", pickle);
        foreach (var (key, bytes) in storages)
        {
            builder.Add("data/" + key, bytes);
        }

        return builder.Build();
    }

    public TorchArchiveBuilder Add(string name, byte[] bytes, CompressionLevel level = CompressionLevel.NoCompression)
    {
        records.Add(("archive/" + name, bytes, level));
        return this;
    }

    public TorchArchiveBuilder Add(string name, string text) => Add(name, Encoding.UTF8.GetBytes(text));

    public byte[] Build()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes, level) in records)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }
}
