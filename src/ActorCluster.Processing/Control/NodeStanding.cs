namespace ActorCluster.Processing.Control;

/// <summary>A member with what it tells of itself.</summary>
/// <param name="Member">The member.</param>
/// <param name="Report">What it tells; null where it does not answer.</param>
/// <param name="Silence">Why there is no report; empty where there is one.</param>
public sealed record NodeStanding(MemberReport Member, NodeReport? Report, string Silence);
