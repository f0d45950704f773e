using System.Collections.Immutable;

namespace ActorCluster.Operator;

/// <summary>The cluster at a glance.</summary>
/// <param name="Runs">All runs that have not ended and the newest that have, the newest first.</param>
/// <param name="Nodes">The members of the cluster, without their units of work.</param>
internal sealed record Overview(ImmutableArray<OverviewRun> Runs, ImmutableArray<NodeAnswer> Nodes);
