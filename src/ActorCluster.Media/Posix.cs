using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorCluster.Media;

/// <summary>The few system calls that .NET has no method for. Linux only.</summary>
internal static partial class Posix
{
    private const int AtFdCwd = -100;
    private const uint StatxType = 1;
    private const int StatxSize = 256;
    private const int StatxModeOffset = 28;
    private const int FileTypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int SetPipeSize = 1031;
    private const int ExecuteAccess = 1;
    private const int NoEntry = 2;
    private const int AccessDenied = 13;
    private const int NotADirectory = 20;

    /// <summary>SIGKILL.</summary>
    public const int SigKill = 9;

    /// <summary>What lies at a path, following links. Never opens it, so a FIFO does not block.</summary>
    /// <param name="path">The path.</param>
    public static unsafe PathKind KindOf(string path)
    {
        // statx, not stat: its structure has the same layout on every architecture.
        var buffer = stackalloc byte[StatxSize];
        if (Statx(AtFdCwd, path, 0, StatxType, buffer) != 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                NoEntry or NotADirectory => PathKind.Missing,
                AccessDenied => PathKind.Denied,
                _ => PathKind.Other,
            };
        }

        return (*(ushort*)(buffer + StatxModeOffset) & FileTypeMask) switch
        {
            RegularFile => PathKind.File,
            0x4000 => PathKind.Folder,
            0x1000 => PathKind.Fifo,
            0x2000 or 0x6000 => PathKind.Device,
            0xC000 => PathKind.Socket,
            _ => PathKind.Other,
        };
    }

    /// <summary>Sends SIGKILL to every process of a group.</summary>
    /// <param name="group">The group's id, greater than 1.</param>
    public static void KillGroup(int group)
    {
        // -1 would be every process of this user, and 0 this process's own group.
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(group, 1);
        _ = Kill(-group, SigKill);
    }

    /// <summary>Whether this process may execute the file at a path.</summary>
    public static bool CanExecute(string path) => Access(path, ExecuteAccess) == 0;

    /// <summary>Asks for a pipe buffer of <paramref name="bytes"/>; a refusal (the system's limit) is no failure.</summary>
    public static void TryEnlargePipe(SafePipeHandle pipe, int bytes) => _ = Fcntl(pipe, SetPipeSize, bytes);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafePipeHandle handle, int command, int argument);
}
