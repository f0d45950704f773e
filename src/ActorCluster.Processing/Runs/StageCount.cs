using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>How many videos in flight are at a stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Videos">How many.</param>
public sealed record StageCount(string Stage, int Videos) : IWireMessage;
