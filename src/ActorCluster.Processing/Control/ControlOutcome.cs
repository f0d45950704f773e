using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Control;

/// <summary>What came of a command.</summary>
/// <param name="Done">Whether it is done.</param>
/// <param name="Words">What was done, or why not, as a sentence.</param>
public sealed record ControlOutcome(bool Done, string Words) : IWireMessage;
