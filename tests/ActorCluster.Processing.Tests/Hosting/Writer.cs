using ActorCluster.Processing.Voting;
using Akka.Actor;
using Akka.Persistence;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>The smallest persistent actor: stores numbers, as the bytes of an event that the product has, and tells what it knows.</summary>
internal sealed class Writer(string id) : UntypedPersistentActor
{
    private readonly List<int> _known = [];
    private IActorRef _asker = ActorRefs.Nobody;

    public override string PersistenceId => id;

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Write m:
                var asker = Sender;
                Persist(new VotingMessages.FramesDecided(m.Number, [1], [1]), e =>
                {
                    _known.Add(e.FirstFrame);
                    asker.Tell(new State([.. _known]));
                });
                break;
            case Get:
                Sender.Tell(new State([.. _known]));
                break;
            case Snapshot:
                _asker = Sender;
                SaveSnapshot(ActorCluster.Processing.Videos.VideoState.Empty);
                break;
            case SaveSnapshotSuccess:
                _asker.Tell(new State([.. _known]));
                break;
        }
    }

    protected override void OnRecover(object message)
    {
        if (message is VotingMessages.FramesDecided e)
        {
            _known.Add(e.FirstFrame);
        }
    }

    internal sealed record Write(int Number) : INoSerializationVerificationNeeded;

    internal sealed record Get : INoSerializationVerificationNeeded;

    internal sealed record Snapshot : INoSerializationVerificationNeeded;

    internal sealed record State(int[] Known) : INoSerializationVerificationNeeded;
}
