using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorCluster.Models.Fusion;

namespace ActorCluster.Training;

/// <summary>Reads the next batches of an epoch on a thread of its own while the network learns from the present one, at most <see cref="Ahead"/> of them.</summary>
internal sealed class BatchLoader : IDisposable
{
    /// <summary>Batches in memory.</summary>
    public const int Ahead = 4;

    private readonly ImmutableArray<TrainingVideo> _videos;
    private readonly WindowSampler _sampler;
    private readonly ImmutableArray<WindowBatch> _batches;

    /// <summary>Makes the batches.</summary>
    /// <param name="videos">The videos that the sampler knows.</param>
    /// <param name="sampler">What comes when.</param>
    /// <param name="config">The network.</param>
    public BatchLoader(ImmutableArray<TrainingVideo> videos, WindowSampler sampler, FusionConfig config)
    {
        (_videos, _sampler) = (videos, sampler);
        _batches = [.. Enumerable.Range(0, Ahead).Select(_ => new WindowBatch(sampler.Batch, config))];
    }

    /// <summary>The batches of an epoch in order; each is valid until the next is asked for. One enumeration at a time.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstStep">The first step, from 0.</param>
    public IEnumerable<WindowBatch> Load(int epoch, int firstStep)
    {
        using var stop = new CancellationTokenSource();
        using var free = new BlockingCollection<WindowBatch>(new ConcurrentQueue<WindowBatch>(_batches));
        using var ready = new BlockingCollection<WindowBatch>(new ConcurrentQueue<WindowBatch>());
        var reading = Task.Factory.StartNew(() => Read(epoch, firstStep, free, ready, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var batch in ready.GetConsumingEnumerable(CancellationToken.None))
            {
                yield return batch;
                free.Add(batch, CancellationToken.None);
            }

            reading.GetAwaiter().GetResult(); // What failed there is thrown here.
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var batch in _batches)
        {
            batch.Dispose();
        }
    }

    private void Read(int epoch, int firstStep, BlockingCollection<WindowBatch> free, BlockingCollection<WindowBatch> ready, CancellationToken stop)
    {
        try
        {
            for (var step = firstStep; step < _sampler.Steps; step++)
            {
                var batch = free.Take(stop);
                batch.Fill(_videos, _sampler.At(epoch, step));
                ready.Add(batch, CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody wants the rest.
        }
        finally
        {
            ready.CompleteAdding();
        }
    }
}
