using System.Diagnostics;

namespace ActorCluster.Processing.Tests;

/// <summary>Waits for conditions, with a deadline.</summary>
internal static class Soon
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task Async(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            Assert.True(clock.Elapsed < Deadline, "It did not come in time.");
            await look.WaitForNextTickAsync();
        }
    }
}
