namespace ActorCluster.Storage;

/// <summary>A run's videos by status. At the end <c>Registered = Completed + Quarantined + Cancelled</c>.</summary>
/// <param name="Registered">All videos of the manifest.</param>
/// <param name="Completed">Videos with published predictions.</param>
/// <param name="Quarantined">Videos that ended with a cause in the input.</param>
/// <param name="Cancelled">Videos given up with the run.</param>
public sealed record RunCounts(long Registered, long Completed, long Quarantined, long Cancelled);
