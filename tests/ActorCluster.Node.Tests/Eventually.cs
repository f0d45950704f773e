namespace ActorCluster.Node.Tests;

/// <summary>Waits for what other processes bring about.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">Looked at again and again.</param>
    /// <param name="what">Says what was waited for, when the deadline has passed.</param>
    public static async Task HoldsAsync(Func<bool> condition, Func<string> what)
    {
        using var timer = new PeriodicTimer(Look);
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            while (!condition())
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not within {Deadline.TotalSeconds:0} s: {what()}");
        }
    }
}
