namespace ActorCluster.Processing.Telemetry;

/// <summary>Under which name a node's metrics and traces are found.</summary>
public static class TelemetrySource
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "ActorCluster";
}
