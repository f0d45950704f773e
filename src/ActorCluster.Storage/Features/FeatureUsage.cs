namespace ActorCluster.Storage;

/// <summary>What one encoder's features of one video take.</summary>
/// <param name="EncoderHash">The encoder's hash.</param>
/// <param name="VideoHash">The video's hash.</param>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">Their size in bytes.</param>
/// <param name="LastWritten">When the newest of them was written (UTC).</param>
public sealed record FeatureUsage(string EncoderHash, string VideoHash, int Files, long Bytes, DateTimeOffset LastWritten);
