namespace ActorCluster.Processing.Runs;

/// <summary>How many videos were quarantined for a cause.</summary>
/// <param name="Stage">Where they failed.</param>
/// <param name="Cause">Why.</param>
/// <param name="Videos">How many.</param>
public sealed record CauseCount(string Stage, string Cause, int Videos);
