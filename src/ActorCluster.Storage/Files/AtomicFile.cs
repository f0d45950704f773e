using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorCluster.Storage;

/// <summary>
/// Writes files so that a reader, or a process that died and came back, sees the whole new content or none of it: write a temporary in the
/// same folder, fsync it, rename it over the target, fsync the folder.
/// </summary>
public static partial class AtomicFile
{
    private const int OwnerDigits = 8;
    private static string owner = RandomNumberGenerator.GetHexString(OwnerDigits, lowercase: true);

    /// <summary>
    /// From now on this process's temporaries tell whose they are, so that they can be removed when it has died among others that go on writing.
    /// </summary>
    /// <param name="name">A name that no other living process which writes to the same folder has, such as an address.</param>
    public static void OwnTemporaries(string name) => Volatile.Write(ref owner, OwnerOf(name));

    /// <summary>Writes a file in one go: <see cref="Prepare"/>, then <see cref="PreparedFile.Commit"/>.</summary>
    /// <param name="path">The target; missing folders are made, an existing file is replaced.</param>
    /// <param name="write">Writes the content. The stream is open for writing only.</param>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: disk full, read-only, no permission, or the like.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        using var prepared = Prepare(path, write);
        prepared.Commit();
    }

    /// <summary>Writes the content to a temporary beside the target and makes it durable; the target is not touched.</summary>
    /// <param name="path">The target; missing folders are made.</param>
    /// <param name="write">Writes the content. An exception from it removes the temporary and is passed on.</param>
    /// <returns>The written temporary, to be committed or disposed.</returns>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: disk full, read-only, no permission, or the like.</exception>
    public static PreparedFile Prepare(string path, Action<Stream> write)
    {
        var prepared = PreparedFile.Create(path, out var stream);
        return prepared.FillAsync(stream, content =>
        {
            write(content);
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Prepare"/>
    public static Task<PreparedFile> PrepareAsync(string path, Func<Stream, Task> write)
    {
        var prepared = PreparedFile.Create(path, out var stream);
        return prepared.FillAsync(stream, write);
    }

    /// <summary>
    /// Removes the temporaries that a killed process left in a folder and below it. Only for a folder that no other process writes to.
    /// </summary>
    /// <param name="folder">The folder; one that does not exist has none.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the folder cannot be read or a file not removed.</exception>
    public static int DeleteTemporaries(string folder) => DeleteTemporaries(folder, "");

    /// <summary>Removes the temporaries that a process which has died left in a folder and below it, whatever others write there.</summary>
    /// <param name="folder">The folder; one that does not exist has none.</param>
    /// <param name="name">The name that the process gave to <see cref="OwnTemporaries"/>.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the folder cannot be read or a file not removed.</exception>
    public static int DeleteTemporariesOf(string folder, string name) => DeleteTemporaries(folder, OwnerOf(name));

    /// <summary>The path of a new temporary beside a target: <c>&lt;target&gt;.&lt;16 hex digits, the first 8 the owner's&gt;.tmp</c>.</summary>
    internal static string NewTemporary(string target) =>
        $"{target}.{Volatile.Read(ref owner)}{RandomNumberGenerator.GetHexString(16 - OwnerDigits, lowercase: true)}.tmp";

    private static string OwnerOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..OwnerDigits];

    private static int DeleteTemporaries(string folder, string owner)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        try
        {
            var options = new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = FileAttributes.ReparsePoint,
                IgnoreInaccessible = false,
            };
            var temporaries = Directory.EnumerateFiles(folder, "*.tmp", options).Where(path => IsTemporary(path) && path.AsSpan(path.Length - "0123456789abcdef.tmp".Length).StartsWith(owner, StringComparison.Ordinal)).ToList();
            temporaries.ForEach(File.Delete);
            return temporaries.Count;
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "remove left-over temporaries from", folder);
        }
    }

    /// <summary>Whether a path has the name of a temporary of this class: <c>&lt;name&gt;.&lt;16 hex digits&gt;.tmp</c>.</summary>
    internal static bool IsTemporary(string path) => TemporaryName().IsMatch(Path.GetFileName(path));

    [GeneratedRegex(@"\A.+\.[0-9a-f]{16}\.tmp\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex TemporaryName();
}
