using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace ActorCluster.Processing.Serialization;

/// <summary>
/// Stands in the place of Akka's JSON serializer, which makes whatever type a message names. That types without a binding are not sent says nothing about what is
/// received: a peer that sends them anyway ends up here.
/// </summary>
/// <param name="system">The system it serves.</param>
internal sealed class RefusingSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc/>
    public override int Identifier => 1;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => throw new SerializationException($"{obj.GetType()} has no serializer; bind one.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => throw new SerializationException("A message was refused: its type has no serializer here.");
}
