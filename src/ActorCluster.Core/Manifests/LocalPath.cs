namespace ActorCluster.Core.Manifests;

/// <summary>Turns what a manifest calls a URI into the full path of a local file.</summary>
internal static class LocalPath
{
    /// <summary>The most characters of a path.</summary>
    public const int Longest = 4096;

    private const string FileScheme = "file:";

    /// <summary>Resolves a path, which may be relative to <paramref name="baseFolder"/>, or a <c>file:</c> URI.</summary>
    /// <returns>What is wrong with it, or null and the full path in <paramref name="path"/>.</returns>
    public static string? Resolve(string uri, string baseFolder, out string path)
    {
        path = "";
        if (uri.Length == 0)
        {
            return "is empty; it must be the path of a local file";
        }

        if (uri.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase))
        {
            if (FromFileUri(uri[FileScheme.Length..]) is not { } absolute)
            {
                return "is a file: URI that does not name a file of this machine; write file:///absolute/path or a plain path";
            }

            uri = absolute;
        }
        else if (SchemeOf(uri) is { } scheme)
        {
            return $"has the scheme {scheme}: but only local files can be read; if it is a file name, begin it with ./";
        }

        if (uri.Length > Longest)
        {
            return $"has {uri.Length} characters; at most {Longest} are allowed";
        }

        if (uri.Contains('\0', StringComparison.Ordinal))
        {
            return "holds a NUL character, which no file name can";
        }

        if (!UnicodeText.IsWellFormed(uri))
        {
            return "is not valid Unicode";
        }

        path = Path.GetFullPath(uri, baseFolder);
        return path.Length <= Longest ? null : $"gives a full path of {path.Length} characters; at most {Longest} are allowed";
    }

    /// <summary>The absolute path in a file URI (RFC 8089): an empty or local host, then the percent-decoded path.</summary>
    private static string? FromFileUri(string afterScheme)
    {
        var path = afterScheme;
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = path.IndexOf('/', 2);
            if (slash < 0 || path[2..slash].ToLowerInvariant() is not ("" or "localhost"))
            {
                return null;
            }

            path = path[slash..];
        }

        path = Uri.UnescapeDataString(path);
        if (OperatingSystem.IsWindows())
        {
            path = path.TrimStart('/');
        }

        return Path.IsPathFullyQualified(path) ? path : null;
    }

    /// <summary>The scheme of a URI (RFC 3986, section 3.1), null for a path. A single letter is a drive, not a scheme.</summary>
    private static string? SchemeOf(string uri)
    {
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        return colon > 1 && char.IsAsciiLetter(uri[0]) && uri.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0 ? uri[..colon] : null;
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");
}
