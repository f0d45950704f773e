using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using static ActorCluster.Processing.Audit.AuditMessages;

namespace ActorCluster.Processing.Audit;

/// <summary>Cluster singleton that stores what operators commanded. What it decides is in <see cref="AuditState"/>.</summary>
internal sealed class AuditActor : UntypedPersistentActor
{
    private const int SnapshotEvery = 250;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private AuditState _state = AuditState.Empty;

    /// <inheritdoc/>
    public override string PersistenceId => "audit";

    public static Props Props() => Akka.Actor.Props.Create(() => new AuditActor());

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case RecordCommand m:
                var asker = Sender;
                Persist(AuditState.Process(m, DateTime.UtcNow.Ticks), e =>
                {
                    _state = _state.Apply(e);
                    asker.Tell(new CommandRecorded());
                    if (LastSequenceNr % SnapshotEvery == 0)
                    {
                        SaveSnapshot(_state);
                    }
                });
                break;
            case GetCommands m:
                Sender.Tell(_state.List(m));
                break;
            case SaveSnapshotSuccess m:
                DeleteSnapshots(new SnapshotSelectionCriteria(m.Metadata.SequenceNr - SnapshotEvery - 1)); // Two are kept; the events all stay.
                break;
            case SaveSnapshotFailure m:
                _log.Warning("The snapshot of the commands could not be saved; recovery will take longer: {0}", m.Cause.Message);
                break;
            case DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: AuditState snapshot }:
                _state = snapshot;
                break;
            case CommandAudited e:
                _state = _state.Apply(e);
                break;
        }
    }
}
