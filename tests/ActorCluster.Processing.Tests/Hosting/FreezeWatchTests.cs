using ActorCluster.Processing.Hosting;

namespace ActorCluster.Processing.Tests.Hosting;

public sealed class FreezeWatchTests
{
    [Fact]
    public async Task Frozen_StoodStillForLonger_IsToldAtOnceAndForGood()
    {
        // A watch that allows nothing takes its own steps for standing still.
        using var watch = new FreezeWatch(TimeSpan.Zero);
        Assert.True(SpinWait.SpinUntil(() => watch.HasFrozen, TimeSpan.FromSeconds(10)), "It was not noticed.");
        await watch.Frozen.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(watch.HasFrozen);
    }

    [Fact]
    public void Frozen_ProcessRuns_IsNotTold()
    {
        using var watch = new FreezeWatch(TimeSpan.FromMinutes(5));
        Assert.False(SpinWait.SpinUntil(() => watch.HasFrozen, TimeSpan.FromSeconds(1)));
        Assert.False(watch.Frozen.IsCompleted);
    }

    [Fact]
    public void Frozen_EndedWatch_TellsNothing()
    {
        var watch = new FreezeWatch(TimeSpan.FromMilliseconds(500));
        watch.Dispose();
        Assert.False(SpinWait.SpinUntil(() => watch.HasFrozen, TimeSpan.FromSeconds(1)));
    }
}
