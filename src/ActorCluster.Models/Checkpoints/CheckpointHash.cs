using System.Security.Cryptography;
using System.Text;

namespace ActorCluster.Models.Checkpoints;

/// <summary>What tells two checkpoints apart, wherever they lie.</summary>
public static class CheckpointHash
{
    private static readonly string[] Suffixes = [".json", ".safetensors", ".bin"];

    /// <summary>
    /// SHA-256 over names and contents of a folder's configuration and weights (<c>*.json</c>, <c>*.safetensors</c>, <c>*.bin</c>; not those in
    /// subfolders), 64 lower-case hexadecimal digits.
    /// </summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="CheckpointFormatException">It holds no such file.</exception>
    public static string Of(string folder)
    {
        var files = Directory.GetFiles(folder).Where(f => Suffixes.Contains(Path.GetExtension(f), StringComparer.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw new CheckpointFormatException($"{folder} holds no checkpoint: there is no file *.safetensors, *.bin or *.json.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file) + "\n"));
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
