using Akka.Actor;

namespace ActorCluster.Processing.Inference;

/// <summary>A pipeline's encoder actors on this node.</summary>
/// <param name="Visual">Takes <see cref="FaceBatch"/>es.</param>
/// <param name="Audio">Takes <see cref="SegmentRequest"/>s; null without an audio encoder.</param>
/// <param name="Rehearses">Whether it is a rehearsal, whose encoders take no processor.</param>
internal sealed record Encoders(IActorRef Visual, IActorRef? Audio, bool Rehearses);
