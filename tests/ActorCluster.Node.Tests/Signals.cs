using System.Runtime.InteropServices;

namespace ActorCluster.Node.Tests;

/// <summary>Signals to other processes.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>The exit code by which .NET, as a shell does, tells that a process was killed.</summary>
    public const int KilledExit = 128 + Kill;

    /// <summary>Sends a signal; a process that is gone is no failure.</summary>
    public static void Send(int pid, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(pid, 1);
        _ = SendSignal(pid, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
