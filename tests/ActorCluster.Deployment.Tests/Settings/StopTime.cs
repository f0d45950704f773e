using ActorCluster.Processing.Hosting;

namespace ActorCluster.Deployment.Tests.Settings;

/// <summary>How long a node takes to stop at most, in seconds: what every supervisor must grant before it kills.</summary>
internal static class StopTime
{
    /// <summary>Leaving: shards and singletons are handed over, the members agree, the last writes end.</summary>
    private const double Leave = 30;

    public static double OfDefaults { get; } = Of(new NodeTimers().Drain.TotalSeconds);

    public static double Of(double drainSeconds) => drainSeconds + Leave;
}
