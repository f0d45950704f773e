using System.Security.Cryptography;
using System.Text;

namespace ActorCluster.Models.Checkpoints;

/// <summary>What tells two checkpoints apart, wherever they lie.</summary>
public static class CheckpointHash
{
    private static readonly string[] Suffixes = [".json", ".safetensors", ".bin"];

    /// <summary>
    /// SHA-256, 64 lower-case hexadecimal digits: of a file its content, of a folder names and contents of configuration and weights (<c>*.json</c>,
    /// <c>*.safetensors</c>, <c>*.bin</c>; not those in subfolders).
    /// </summary>
    /// <param name="path">The checkpoint's file or folder.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="CheckpointFormatException">It holds no such file.</exception>
    public static string Of(string path) => Convert.ToHexStringLower(File.Exists(path) ? OfFile(path) : OfFolder(path));

    private static byte[] OfFolder(string folder)
    {
        var files = Directory.GetFiles(folder).Where(f => Suffixes.Contains(Path.GetExtension(f), StringComparer.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw new CheckpointFormatException($"{folder} holds no checkpoint: there is no file *.safetensors, *.bin or *.json.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file) + "\n"));
            hash.AppendData(OfFile(file));
        }

        return hash.GetHashAndReset();
    }

    private static byte[] OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return SHA256.HashData(stream);
    }
}
