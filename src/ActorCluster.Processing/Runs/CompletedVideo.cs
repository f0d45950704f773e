namespace ActorCluster.Processing.Runs;

/// <summary>A video of a run whose predictions are published.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ContentHash">SHA-256 of its file; empty when unknown.</param>
/// <param name="Labels">A file of labels, as the run's manifest names it; null when it names none.</param>
public sealed record CompletedVideo(string Id, string ContentHash, string? Labels);
