using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorCluster.Storage;

/// <summary>The few system calls that .NET does not offer.</summary>
internal static partial class Posix
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;

    /// <summary>Opens a file or folder for reading without the advisory lock that .NET's own open takes.</summary>
    /// <exception cref="IOException">The path cannot be opened.</exception>
    public static SafeFileHandle OpenForReading(string path)
    {
        int descriptor;
        while ((descriptor = Open(path, ReadOnly | CloseOnExec)) < 0)
        {
            ThrowUnlessInterrupted(path);
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Makes the entries of a folder durable: without it a rename may be undone by a power cut.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void SyncFolder(string folder)
    {
        using var handle = OpenForReading(folder);
        while (Sync(handle) < 0)
        {
            ThrowUnlessInterrupted(folder);
        }
    }

    /// <summary>The path with every symbolic link resolved.</summary>
    /// <exception cref="IOException">A part of the path is missing, unreadable, or a loop of links.</exception>
    public static string RealPath(string path)
    {
        var resolved = ResolvePath(path, 0);
        if (resolved == 0)
        {
            throw ErrorAt(path, Marshal.GetLastPInvokeError());
        }

        try
        {
            return Marshal.PtrToStringUTF8(resolved)!;
        }
        finally
        {
            Free(resolved);
        }
    }

    private static void ThrowUnlessInterrupted(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
        {
            throw ErrorAt(path, error);
        }
    }

    // HResult carries the error number, as in the exceptions that .NET itself throws on Unix.
    private static IOException ErrorAt(string path, int error) =>
        new($"{new Win32Exception(error).Message} : '{path}'", error);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ResolvePath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);
}
