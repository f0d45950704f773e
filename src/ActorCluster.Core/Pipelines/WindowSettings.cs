namespace ActorCluster.Core.Pipelines;

/// <summary>The windows that vote.</summary>
/// <param name="Length">Frames per window (T), 1 to 4096.</param>
/// <param name="Stride">Frames between the starts of neighbouring windows (S), 1 to <paramref name="Length"/>.</param>
public sealed record WindowSettings(int Length, int Stride);
