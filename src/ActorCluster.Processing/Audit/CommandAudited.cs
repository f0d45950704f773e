using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Audit;

/// <summary>An operator's command that was to change something, as it is stored before it is done.</summary>
/// <param name="At">When, in UTC ticks.</param>
/// <param name="Who">Who gave it, as far as that is known.</param>
/// <param name="Node">The node that took it.</param>
/// <param name="Palette">The palette.</param>
/// <param name="Command">The command.</param>
/// <param name="Arguments">What it was given. Like <paramref name="Who"/> it holds what the client sent: make control characters visible before showing it.</param>
public sealed record CommandAudited(long At, string Who, string Node, string Palette, string Command, string Arguments) : IWireMessage;
