namespace ActorCluster.Operator.Tests;

internal static class Deadline
{
    /// <summary>Longer than anything here takes, however busy the machine is.</summary>
    public static readonly TimeSpan After = TimeSpan.FromSeconds(60);

    /// <summary>Waits for something that must come.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(After);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            await look.WaitForNextTickAsync(deadline.Token);
        }
    }
}
