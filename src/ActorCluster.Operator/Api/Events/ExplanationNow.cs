using System.Collections.Immutable;

namespace ActorCluster.Operator;

/// <summary>What a run is doing, and why it is not faster.</summary>
/// <param name="Lines">The five lines of the explanation.</param>
internal sealed record ExplanationNow(ImmutableArray<string> Lines);
