using System.Diagnostics;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// Notices that this process stood still for longer than its cluster waits for a node: others have taken over, so it has to stop before it does anything. The
/// journal refuses what it writes anyway; this spares the others the refusals.
/// </summary>
internal sealed class FreezeWatch : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _stop = new();

    /// <summary>Begins to watch, on a thread of its own, which nothing in the process can keep busy.</summary>
    /// <param name="longest">How long the process may stand still.</param>
    /// <param name="frozen">Called once when it stood still for longer.</param>
    public FreezeWatch(TimeSpan longest, Action frozen) => new Thread(() => Watch(longest, frozen)) { IsBackground = true, Name = "freeze-watch", Priority = ThreadPriority.Highest }.Start();

    /// <inheritdoc/>
    public void Dispose() => _stop.Set();

    private void Watch(TimeSpan longest, Action frozen)
    {
        // The monotonic clock goes on while a process is stopped, and no one can set it.
        for (var before = Stopwatch.GetTimestamp(); !_stop.Wait(Step); before = Stopwatch.GetTimestamp())
        {
            if (Stopwatch.GetElapsedTime(before) > longest)
            {
                frozen();
                return;
            }
        }
    }
}
