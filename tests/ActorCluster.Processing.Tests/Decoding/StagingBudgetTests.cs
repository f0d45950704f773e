using System.Collections.Concurrent;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Inference;
using CsCheck;

namespace ActorCluster.Processing.Tests.Decoding;

public sealed class StagingBudgetTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public void Require_BufferLargerThanTheBudget_IsRefusedByName()
    {
        var fault = Assert.Throws<EnvironmentFaultException>(() => new StagingBudget(999).Require(1000, "one batch of pipeline 'paper'"));
        Assert.Equal("staging", fault.Stage);
        Assert.Contains("staging_bytes is 999, but one batch of pipeline 'paper' takes 1000 bytes", fault.Cause, StringComparison.Ordinal);
        Assert.Contains("1000", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_LargeOneWaits_IsNotOvertakenBySmallOnesAndGetsItsTurn()
    {
        var budget = new StagingBudget(10);
        budget.Take(4, CancellationToken.None);
        var order = new ConcurrentQueue<string>();
        var large = Taking(budget, 8, () => order.Enqueue("large"));
        await Eventually(() => budget.Queued == 1);
        var small = Taking(budget, 2, () => order.Enqueue("small"));
        await Eventually(() => budget.Queued == 2);
        Assert.Empty(order);
        budget.Give(4);
        await Task.WhenAll(large, small).WaitAsync(Deadline);
        Assert.Equal(10, budget.InUse);
        budget.Give(10);
        Assert.Equal(0, budget.InUse);
    }

    [Fact]
    public async Task Take_FirstInTheQueueIsCancelled_TheNextGetsItsTurn()
    {
        var budget = new StagingBudget(10);
        budget.Take(4, CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        var large = Taking(budget, 8, () => { }, cancel.Token);
        await Eventually(() => budget.Queued == 1);
        var small = Taking(budget, 6, () => { });
        await Eventually(() => budget.Queued == 2);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large.WaitAsync(Deadline));
        await small.WaitAsync(Deadline);
        Assert.Equal(10, budget.InUse);
    }

    [Fact]
    public async Task Rent_UnitEndsWithBuffersAtTheEncoder_GivesTheirBytesBackOnce()
    {
        var budget = new StagingBudget(3);
        var free = new ConcurrentBag<object>();
        var ended = new BufferPool<object>(free, () => new object(), 1, budget);
        var (first, _, _) = (ended.Rent(default), ended.Rent(default), ended.Rent(default));
        var next = new BufferPool<object>(free, () => new object(), 1, budget);
        var waiting = OwnThread.Run(() => next.Rent(CancellationToken.None));
        await Eventually(() => budget.Queued == 1);
        ended.Dispose();
        await waiting.WaitAsync(Deadline);
        ended.Return(first);
        ended.Dispose();
        Assert.Equal(1, budget.InUse);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OwnThread.Run(() => { _ = new BufferPool<object>(free, () => new object(), 1, budget).Rent(new CancellationToken(canceled: true)); }));
    }

    /// <summary>
    /// Many units with decoders of their own, one encoder, budgets down to one buffer, batches that stay partial, units that are given up in the middle:
    /// every unit ends, no more than the budget is ever in use, and all of it comes back.
    /// </summary>
    [Fact]
    public void Rent_ManyUnitsTinyBudgets_AllEndAndNothingIsLeft() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 30], Gen.Int[0, 30], Gen.Int[0, 1000]).Sample(
            (units, largest, spare, seed) =>
            {
                var budget = new StagingBudget(largest + spare);
                using var encoder = new BlockingCollection<Action>();
                var most = 0L;
                var encoding = OwnThread.Run(() =>
                {
                    foreach (var giveBack in encoder.GetConsumingEnumerable())
                    {
                        most = Math.Max(most, budget.InUse);
                        giveBack();
                    }
                });
                var decoding = Enumerable.Range(0, units).Select(u => OwnThread.Run(() => Decode(budget, encoder, largest, new Random(seed + u)))).ToArray();
                Assert.True(Task.WaitAll(decoding, Deadline), "Units wait for each other.");
                encoder.CompleteAdding();
                Assert.True(encoding.Wait(Deadline));
                Assert.Equal(0, budget.InUse);
                Assert.InRange(most, 0, largest + spare);
            },
            iter: 60,
            threads: 1);

    /// <summary>What <see cref="DecodeWork"/> does with its buffers.</summary>
    private static void Decode(StagingBudget budget, BlockingCollection<Action> encoder, int largest, Random random)
    {
        var bytes = random.Next(1, largest + 1);
        using var stop = new CancellationTokenSource();
        var pool = new BufferPool<object>([], () => new object(), bytes, budget);
        var gate = new Lock();
        var (ended, atEncoder) = (false, 0);
        try
        {
            for (var batch = random.Next(1, 12); batch > 0; batch--)
            {
                var buffer = pool.Rent(stop.Token);
                if (random.Next(10) == 0)
                {
                    return; // Given up with a partial batch in hand and others at the encoder.
                }

                Interlocked.Increment(ref atEncoder);
                encoder.Add(() =>
                {
                    lock (gate)
                    {
                        if (!ended)
                        {
                            pool.Return(buffer);
                        }
                    }

                    Interlocked.Decrement(ref atEncoder);
                });
            }

            SpinWait.SpinUntil(() => Volatile.Read(ref atEncoder) == 0, Deadline);
        }
        finally
        {
            lock (gate)
            {
                ended = true;
                pool.Dispose();
            }
        }
    }

    private static Task Taking(StagingBudget budget, long bytes, Action then, CancellationToken cancellation = default) => OwnThread.Run(() =>
    {
        budget.Take(bytes, cancellation);
        then();
    });

    private static Task Eventually(Func<bool> condition) => Soon.Async(condition);
}
