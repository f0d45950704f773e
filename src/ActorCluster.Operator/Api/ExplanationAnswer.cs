using System.Collections.Immutable;
using ActorCluster.Operator.Explaining;

namespace ActorCluster.Operator;

/// <summary>What a run is doing, and why it is not faster.</summary>
/// <param name="Binding">What binds it.</param>
/// <param name="Lines">Five lines: what it is doing; what binds it; how long it takes; stalled or slowest videos; what to change.</param>
internal sealed record ExplanationAnswer(RunBinding Binding, ImmutableArray<string> Lines);
