using System.Collections.Concurrent;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Hosting;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>What nodes that died left of predictions is removed, and what another node still waits for is not.</summary>
public sealed class PredictionSweepTests : IDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(20);
    private readonly TempData _data = new();
    private readonly ConcurrentQueue<string> _discarded = new();

    [Fact]
    public async Task Sweep_NodeAlone_RemovesAllThatIsThereWhenItStarts()
    {
        var (waiting, late) = (Leave(DateTimeOffset.UtcNow.AddHours(1)), Leave(DateTimeOffset.UtcNow.AddHours(-1)));
        var onlyUpload = PredictionRun.NewName(DateTimeOffset.UtcNow);
        File.WriteAllText(_data.Data.Upload(onlyUpload), "video");
        var others = (string[])["predict-mine", "summer"];
        Array.ForEach(others, name => Directory.CreateDirectory(_data.Data.Run(name).Root));

        using var sweep = new PredictionSweep(_data.Data, DiscardAsync, isInCharge: null, Often);

        await Soon.Async(() => _discarded.Count == 3);
        Assert.Equal(new[] { waiting, late, onlyUpload }.Order(StringComparer.Ordinal), _discarded);
        Assert.Empty(Directory.GetFiles(_data.Data.Uploads));
        Assert.Equal(others, Directory.GetDirectories(_data.Data.Runs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sweep_NodeAlone_LeavesWhatBeginsAfterItHasStarted()
    {
        var old = Leave(DateTimeOffset.UtcNow.AddHours(-1));
        using var sweep = new PredictionSweep(_data.Data, DiscardAsync, isInCharge: null, Often);
        var begun = Leave(DateTimeOffset.UtcNow.AddHours(1));
        await Soon.Async(() => _discarded.Contains(old));

        var gone = Leave(DateTimeOffset.UtcNow.AddHours(-1));
        await Soon.Async(() => _discarded.Contains(gone));

        Assert.DoesNotContain(begun, _discarded);
        Assert.True(File.Exists(_data.Data.Upload(begun)));
    }

    [Fact]
    public async Task Sweep_OneOfSeveralNodes_RemovesWhatNobodyWaitsForAndOnlyInCharge()
    {
        var (waiting, justNow, late) = (Leave(DateTimeOffset.UtcNow.AddHours(1)), Leave(DateTimeOffset.UtcNow.AddSeconds(-5)), Leave(DateTimeOffset.UtcNow.AddHours(-1)));
        var (isInCharge, asked) = (false, 0);
        using var sweep = new PredictionSweep(
            _data.Data,
            DiscardAsync,
            () =>
            {
                Interlocked.Increment(ref asked);
                return Volatile.Read(ref isInCharge);
            },
            Often);

        await Soon.Async(() => Volatile.Read(ref asked) > 3);
        Assert.Empty(_discarded);
        Volatile.Write(ref isInCharge, true);
        await Soon.Async(() => !_discarded.IsEmpty);

        Assert.Equal([late], _discarded.Distinct());
        Assert.True(File.Exists(_data.Data.Upload(waiting)) && File.Exists(_data.Data.Upload(justNow)));
    }

    [Fact]
    public async Task Sweep_OneCannotBeRemoved_GoesOnAndTriesItAgain()
    {
        var (first, second) = (Leave(DateTimeOffset.UtcNow.AddHours(-2)), Leave(DateTimeOffset.UtcNow.AddHours(-1)));
        var fails = 2;
        using var sweep = new PredictionSweep(
            _data.Data,
            (run, stop) => run == first && Interlocked.Decrement(ref fails) >= 0 ? throw new EnvironmentFaultException("cluster", "No answer.", "Wait.") : DiscardAsync(run, stop),
            () => true,
            Often);

        await Soon.Async(() => _discarded.Contains(first) && _discarded.Contains(second));

        Assert.Equal(second, _discarded.First());
    }

    public void Dispose() => _data.Dispose();

    /// <summary>Leaves what a prediction has while it is worked on.</summary>
    private string Leave(DateTimeOffset until)
    {
        var run = PredictionRun.NewName(until);
        Directory.CreateDirectory(_data.Data.Uploads);
        File.WriteAllText(_data.Data.Upload(run), "video");
        Directory.CreateDirectory(_data.Data.Run(run).Predictions);
        return run;
    }

    private Task DiscardAsync(string run, CancellationToken cancellation)
    {
        var folder = _data.Data.Run(run).Root;
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        _discarded.Enqueue(run);
        return Task.CompletedTask;
    }
}
