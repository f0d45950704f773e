namespace ActorCluster.Operator.Tests;

internal static class Deadline
{
    /// <summary>Longer than anything here takes, however busy the machine is.</summary>
    public static readonly TimeSpan After = TimeSpan.FromSeconds(60);
}
