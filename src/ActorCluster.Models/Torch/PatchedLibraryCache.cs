using System.Security.Cryptography;

namespace ActorCluster.Models.Torch;

/// <summary>
/// Where the patched copy of TorchSharp's native library is kept between processes: a folder of the user's own. The original is
/// never written to, because output folders hold hard links to the package folder's file.
/// </summary>
internal static class PatchedLibraryCache
{
    /// <summary>The user's cache folder by the XDG base directory specification, or null where the user has none.</summary>
    public static string? UserFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathFullyQualified(cache ?? ""))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            cache = home.Length > 0 ? Path.Combine(home, ".cache") : null;
        }

        return cache is null ? null : Path.Combine(cache, "actorcluster", "native");
    }

    /// <summary>
    /// Finds or makes the patched copy. A file that is there is used only if it is what the patch makes of the original, byte for byte;
    /// otherwise it is replaced in one step, so that several processes can do this at once.
    /// </summary>
    /// <param name="original">The library to patch.</param>
    /// <param name="folder">The folder for the copy; made if need be.</param>
    /// <returns>The copy's full path. Its name holds the original's SHA-256 and the patch's version.</returns>
    /// <exception cref="InvalidDataException">The patch does not know the library.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static string Provide(string original, string folder)
    {
        var bytes = File.ReadAllBytes(original);
        var patched = LibTorchSharpPatch.Apply(bytes);
        var name = $"libLibTorchSharp-{Convert.ToHexStringLower(SHA256.HashData(bytes))}-{LibTorchSharpPatch.Version}.so";
        var path = Path.Combine(folder, name);
        if (IsIntact(path, patched))
        {
            return path;
        }

        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{name}.{Guid.NewGuid():N}");
        try
        {
            File.WriteAllBytes(temporary, patched);

            // A rename: another process sees the old file or the whole new one, and one that has mapped the old file keeps it.
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return path;
    }

    private static bool IsIntact(string path, byte[] expected)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file && file.Length == expected.Length
                && SHA256.HashData(File.ReadAllBytes(path)).AsSpan().SequenceEqual(SHA256.HashData(expected));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
