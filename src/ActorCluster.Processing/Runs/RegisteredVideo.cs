namespace ActorCluster.Processing.Runs;

/// <summary>A video as its run's manifest has it.</summary>
/// <param name="Row">What lists show of it.</param>
/// <param name="Uri">Its file's full path.</param>
/// <param name="Length">The file's size in bytes at registration; -1 when it was not there.</param>
/// <param name="Modified">The file's modification time at registration, in UTC ticks.</param>
public sealed record RegisteredVideo(VideoRow Row, string Uri, long Length, long Modified);
