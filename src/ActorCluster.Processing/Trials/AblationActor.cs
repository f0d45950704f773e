using System.Collections.Immutable;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Videos;
using ActorCluster.Training.Ablation;
using Akka.Actor;
using Akka.Event;
using static ActorCluster.Processing.Trials.AblationMessages;

namespace ActorCluster.Processing.Trials;

/// <summary>Drives an ablation: a <see cref="TrialActor"/> for every trial that has no result yet, and the table of how far they are.</summary>
internal sealed class AblationActor : UntypedActor
{
    /// <summary>What the broker knows the ablation by; no run's name has a colon.</summary>
    private const string Run = "ablation:";

    private readonly TimeSpan _patience;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private AblationState _state;

    public AblationActor(string folder, AblationPlan plan, ImmutableArray<(AblationTrial Trial, TrialResult? Result)> trials, IActorRef broker, TimeSpan patience)
    {
        _patience = patience;
        _state = AblationState.Of(trials.Select(t => (t.Trial.Name, t.Trial.Cell.Config.Epochs, t.Result)));
        var planHash = plan.Hash();
        for (var i = 0; i < trials.Length; i++)
        {
            if (trials[i].Result is null)
            {
                Context.ActorOf(TrialActor.Props(new VideoKey(Run + planHash[..16], i, 1), folder, planHash, trials[i].Trial, broker), $"trial-{i}");
            }
        }
    }

    /// <param name="folder">The ablation's folder.</param>
    /// <param name="plan">Its plan, which is written there.</param>
    /// <param name="trials">The plan's trials with the results that are there.</param>
    /// <param name="broker">The slot broker.</param>
    /// <param name="patience">For how long failures alone are borne.</param>
    public static Props Props(string folder, AblationPlan plan, ImmutableArray<(AblationTrial Trial, TrialResult? Result)> trials, IActorRef broker, TimeSpan patience) =>
        Akka.Actor.Props.Create(() => new AblationActor(folder, plan, trials, broker, patience));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Progressed m:
                _state = _state.Progressed(m.Trial, m.Stage, m.Epoch, m.Steps);
                break;
            case Ended m:
                _state = _state.Ended(m.Trial, m.Result);
                break;
            case Released m:
                _log.Info("{0} waits for another slot: {1}", _state.Trials[m.Trial].Name, m.Reason);
                _state = _state.Released(m.Trial, m.Reason);
                break;
            case Failed m:
                _log.Warning("{0}: {1}", _state.Trials[m.Trial].Name, m.Fault);
                _state = _state.Failed(m.Trial, m.Fault, DateTime.UtcNow, _patience);
                break;
            case GetAblation:
                Sender.Tell(_state);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
