using System.Collections.Concurrent;
using System.Diagnostics;

namespace ActorCluster.Media;

/// <summary>
/// Starts all child processes on one thread that lives as long as this process. The kernel sends a child its parent-death signal when the
/// <em>thread</em> that forked it ends, so a child started on a pool thread would be killed at random.
/// </summary>
internal static class ProcessLauncher
{
    private static readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> Requests = StartThread();

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system refused.</exception>
    public static Process Start(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>();
        Requests.Add((info, started));
        return started.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> StartThread()
    {
        var requests = new BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)>();
        new Thread(() => Run(requests)) { IsBackground = true, Name = "process-launcher" }.Start();
        return requests;
    }

    private static void Run(BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> requests)
    {
        foreach (var (info, started) in requests.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info) ?? throw new InvalidOperationException("No process was started."));
            }
            catch (Exception e)
            {
                // Every failure belongs to the one who asked: this thread must outlive all of them.
                started.SetException(e);
            }
        }
    }
}
