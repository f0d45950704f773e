using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Voting;
using ActorCluster.Processing.Telemetry;
using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using static ActorCluster.Processing.Voting.VotingMessages;

namespace ActorCluster.Processing.Voting;

/// <summary>
/// A video's votes: sums what windows say, decides frames, and stores every decision, so that its state is the video's progress. Child of the
/// video's actor; see <see cref="VotingState"/> for the arithmetic.
/// </summary>
internal sealed class VotingActor : UntypedPersistentActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private VotingState _state;

    public VotingActor(VideoKey key, int frames, WindowSettings windows)
    {
        PersistenceId = key.VotingPersistenceId;
        _state = VotingState.Create(frames, windows);
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <summary>It keeps no snapshots, so none need be looked for.</summary>
    public override Recovery Recovery { get; } = new(SnapshotSelectionCriteria.None);

    public static Props Props(VideoKey key, int frames, WindowSettings windows) => Akka.Actor.Props.Create(() => new VotingActor(key, frames, windows));

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case CountVotes m:
                Count(m.Votes, SharedSpans.Below(m.Traces, "vote"));
                break;
            case GetDecided:
                Sender.Tell(new Decided(_state.Flatten()));
                break;
            case Forget:
                DeleteMessages(LastSequenceNr);
                break;
            case DeleteMessagesSuccess:
                Context.Parent.Tell(new Forgotten(true));
                break;
            case DeleteMessagesFailure m:
                _log.Warning("Votes of {0} could not be removed from the journal: {1}", PersistenceId, m.Cause.Message);
                Context.Parent.Tell(new Forgotten(false));
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
            case VotingMessages.FramesDecided e:
                Apply(e);
                break;
            case RecoveryCompleted:
                Report();
                break;
        }
    }

    private void Count(WindowVotes votes, SharedSpans spans)
    {
        var events = _state.Process(votes).Select(e => new VotingMessages.FramesDecided(e.FirstFrame, HalfBytes.Of(e.Probabilities.AsSpan()), HalfBytes.Of(e.Flags.AsSpan()))).ToList();
        _state = _state.Accept(votes);
        if (events.Count == 0)
        {
            spans.Dispose();
            Report();
            return;
        }

        var left = events.Count;
        PersistAll(events, e =>
        {
            Apply(e);
            if (--left == 0)
            {
                spans.Dispose();
                Report();
            }
        });
    }

    private void Apply(VotingMessages.FramesDecided e) =>
        _state = _state.Apply(new Core.Voting.FramesDecided(e.FirstFrame, HalfBytes.ToHalves(e.Probabilities), HalfBytes.ToFlags(e.Flags)));

    private void Report() =>
        Context.Parent.Tell(new VotesCounted(_state.MissingWindows is [var first, ..] ? first.First : 0, _state.DecidedFrames, _state.IsComplete));
}
