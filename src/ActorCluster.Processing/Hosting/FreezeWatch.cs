using System.Diagnostics;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// Notices that this process stood still for longer than its cluster waits for a node: others have taken over, so it has to stop before it does anything. The
/// journal refuses what it writes if they have written already; where they have not, what it begins now would count as work of a node that is gone.
/// </summary>
internal sealed class FreezeWatch : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly TimeSpan _longest;
    private readonly TaskCompletionSource _frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _stop = new();
    private long _seen = Stopwatch.GetTimestamp();

    /// <summary>Begins to watch, on a thread of its own, which nothing in the process can keep busy.</summary>
    /// <param name="longest">How long the process may stand still.</param>
    public FreezeWatch(TimeSpan longest)
    {
        _longest = longest;
        new Thread(Watch) { IsBackground = true, Name = "freeze-watch", Priority = ThreadPriority.Highest }.Start();
    }

    /// <summary>Completes when the process stood still for longer.</summary>
    public Task Frozen => _frozen.Task;

    /// <summary>Whether it did: also in the moment of waking, before the watching thread has had its turn.</summary>
    public bool HasFrozen => _frozen.Task.IsCompleted || (!_stop.IsSet && StoodStill);

    // The monotonic clock goes on while a process is stopped, and no one can set it.
    private bool StoodStill => Stopwatch.GetElapsedTime(Volatile.Read(ref _seen)) > _longest;

    /// <inheritdoc/>
    public void Dispose() => _stop.Set();

    private void Watch()
    {
        while (!_stop.Wait(Step))
        {
            if (StoodStill)
            {
                _frozen.SetResult();
                return;
            }

            Volatile.Write(ref _seen, Stopwatch.GetTimestamp());
        }
    }
}
