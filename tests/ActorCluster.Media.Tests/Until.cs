using System.Diagnostics;

namespace ActorCluster.Media.Tests;

/// <summary>Waits for conditions, with a deadline.</summary>
public static class Until
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task True(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            Assert.True(clock.Elapsed < Deadline, $"Not within {Deadline.TotalSeconds} s: {what}");
            await timer.WaitForNextTickAsync();
        }
    }
}
