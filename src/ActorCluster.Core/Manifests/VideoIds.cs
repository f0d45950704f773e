using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ActorCluster.Core.Manifests;

/// <summary>Names for videos that come from a folder instead of a manifest.</summary>
public static class VideoIds
{
    // Leaves room for a number within the 512 characters of an id.
    private const int Longest = 500;

    /// <summary>
    /// Names a folder's file: its path without the extension (<c>sub/a</c> for <c>sub/a.mp4</c>), separators as <c>/</c>, control characters as <c>%XX</c> of their UTF-8 bytes. If
    /// that is taken, the whole path; if that is too, the whole path and <c>~2</c>, <c>~3</c> … Names that are too long are cut and end in a hash.
    /// </summary>
    /// <param name="relativePath">The file's path within the folder, not empty.</param>
    /// <param name="taken">Whether another video has this id.</param>
    /// <returns>An id that is not taken.</returns>
    public static string ForFile(string relativePath, Func<string, bool> taken)
    {
        ArgumentException.ThrowIfNullOrEmpty(relativePath);
        var whole = Clean(relativePath);
        var slash = whole.LastIndexOf('/');
        var dot = whole.LastIndexOf('.');
        var stem = Shorten(dot > slash + 1 ? whole[..dot] : whole);
        if (!taken(stem))
        {
            return stem;
        }

        whole = Shorten(whole);
        if (!taken(whole))
        {
            return whole;
        }

        for (var number = 2; ; number++)
        {
            var id = $"{whole}~{number.ToString(CultureInfo.InvariantCulture)}";
            if (!taken(id))
            {
                return id;
            }
        }
    }

    private static string Clean(string path)
    {
        var clean = new StringBuilder(path.Length);
        // A lone surrogate enumerates as U+FFFD.
        foreach (var rune in path.Replace(Path.DirectorySeparatorChar, '/').EnumerateRunes())
        {
            if (Rune.IsControl(rune))
            {
                foreach (var b in Encoding.UTF8.GetBytes(rune.ToString()))
                {
                    clean.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
                }
            }
            else
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    private static string Shorten(string id)
    {
        if (id.Length <= Longest)
        {
            return id;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..16];
        var kept = Longest - 1 - hash.Length;
        return $"{id[..(char.IsHighSurrogate(id[kept - 1]) ? kept - 1 : kept)]}~{hash}";
    }
}
