namespace ActorCluster.Processing.Inference;

/// <summary>A video whose features lie aligned to its frames.</summary>
/// <param name="Id">Its id in the run.</param>
/// <param name="Path">The file of its features.</param>
/// <param name="Labels">Its label file as the manifest names it; null for none.</param>
public sealed record ExportedVideo(string Id, string Path, string? Labels);
