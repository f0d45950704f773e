using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ActorCluster.Processing.Serialization;

/// <summary>
/// Stands in the place of Akka's JSON serializer, which makes whatever type a message names. That types without a binding are not sent says nothing about what is
/// received: a peer that sends them anyway ends up here.
/// </summary>
internal sealed class RefusingSerializer : Serializer
{
    /// <summary>Makes it.</summary>
    /// <param name="system">The system it serves.</param>
    /// <param name="settings">Those of the JSON serializer, which Akka passes to whatever stands in its place.</param>
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : base(system)
    {
        ArgumentNullException.ThrowIfNull(settings);
    }

    /// <inheritdoc/>
    public override int Identifier => 1;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => throw new SerializationException($"{obj.GetType()} has no serializer; bind one.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => throw new SerializationException("A message was refused: its type has no serializer here.");
}
