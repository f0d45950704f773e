using ActorCluster.Processing.Runs;

namespace ActorCluster.Processing.Tests.Runs;

public sealed class TroubleTrackerTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Fault DiskFull = new(false, "store", "disk full", "free some", []);

    [Fact]
    public void IsLasting_None_IsFalse() => Assert.False(TroubleTracker.None.IsLasting(Start.AddDays(1), Patience));

    [Fact]
    public void IsLasting_ManyFailuresAtOnce_IsFalseUntilPatienceEnds()
    {
        var trouble = Failed(100, TimeSpan.Zero);
        Assert.False(trouble.IsLasting(Start + Patience - TimeSpan.FromTicks(1), Patience));
        Assert.True(trouble.IsLasting(Start + Patience, Patience));
    }

    [Fact]
    public void IsLasting_FewFailuresOverALongTime_IsFalse()
    {
        var trouble = Failed(TroubleTracker.EnoughFailures - 1, TimeSpan.FromMinutes(1));
        Assert.False(trouble.IsLasting(Start.AddHours(1), Patience));
        Assert.True(trouble.Failed(DiskFull, Start.AddHours(1)).IsLasting(Start.AddHours(1), Patience));
    }

    [Fact]
    public void Failed_KeepsTheFirstTimeAndTheNewestFault()
    {
        var newest = DiskFull with { Cause = "weights missing" };
        var trouble = TroubleTracker.None.Failed(DiskFull, Start).Failed(newest, Start.AddSeconds(5));
        Assert.Equal((Start, 2, newest), (trouble.Since, trouble.Failures, trouble.Newest));
    }

    private static TroubleTracker Failed(int times, TimeSpan every) =>
        Enumerable.Range(0, times).Aggregate(TroubleTracker.None, (t, i) => t.Failed(DiskFull, Start + (every * i)));
}
