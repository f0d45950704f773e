namespace ActorCluster.Processing.Telemetry;

/// <summary>How a run stands, for those who count.</summary>
/// <param name="IsPaused">Whether it is paused.</param>
/// <param name="Waiting">Videos that have not ended.</param>
/// <param name="Active">Of these, videos in work.</param>
internal readonly record struct RunReading(bool IsPaused, int Waiting, int Active);
