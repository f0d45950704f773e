using ActorCluster.Processing.Hosting;

namespace ActorCluster.Deployment.Tests.Settings;

/// <summary>How long a node takes to stop at most, in seconds: what every supervisor must grant before it kills.</summary>
internal static class StopTime
{
    /// <summary>
    /// After draining: 10 s to hand work back, and 45 s for the phases of Akka's coordinated shutdown that have something to do (shards 10, leaving 5, exiting 10 and 5,
    /// cluster 5, actor system 10).
    /// </summary>
    private const double Leave = 55;

    public static double OfDefaults { get; } = Of(new NodeTimers().Drain.TotalSeconds);

    public static double Of(double drainSeconds) => drainSeconds + Leave;
}
