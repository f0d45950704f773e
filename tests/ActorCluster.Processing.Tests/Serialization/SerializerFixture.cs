using ActorCluster.Processing.Serialization;
using Akka.Actor;

namespace ActorCluster.Processing.Tests.Serialization;

/// <summary>The serializer, which wants an actor system to live in.</summary>
public sealed class SerializerFixture : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("serializer", "akka { loglevel = OFF, stdout-loglevel = OFF }");

    public SerializerFixture() => Serializer = new MessageSerializer((ExtendedActorSystem)_system);

    internal MessageSerializer Serializer { get; }

    public void Dispose() => _system.Dispose();
}
