using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Training;
using Akka.Actor;
using Akka.Event;
using static ActorCluster.Processing.Trials.TrialMessages;

namespace ActorCluster.Processing.Trials;

/// <summary>
/// Runs a leased trial on a thread of its own and reports to the trial's actor until that knows how it ended. Told to give up, it stops after the present
/// step, with the training's state stored. It ends with its lease, or with the trial's actor.
/// </summary>
internal sealed class TrialRunner : UntypedActor, IWithTimers
{
    private static readonly TimeSpan ResendEvery = TimeSpan.FromSeconds(2);

    private readonly StartTrial _order;
    private readonly NodeContext _node;
    private readonly UnitProgress _progress;
    private readonly IActorRef _requester;
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private TrainingProgress? _training;
    private string _reason = "";
    private object? _report;
    private bool _orphaned;

    public TrialRunner(StartTrial order, NodeContext node, UnitProgress progress)
    {
        (_order, _node, _progress) = (order, node, progress);
        _requester = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(order.Requester);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(StartTrial order, NodeContext node, UnitProgress progress) => Akka.Actor.Props.Create(() => new TrialRunner(order, node, progress));

    protected override void PreStart()
    {
        Context.Watch(_requester);
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.FromSeconds(1));
        Timers.StartPeriodicTimer(Resend.Instance, Resend.Instance, ResendEvery);
        OwnThread.Run(Work).PipeTo(Self, Self, success: ended => new Done(ended, null), failure: e => new Done(false, e));
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        Context.Parent.Tell(new InferenceMessages.UnitEnded(_order.Lease));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick when _report is null:
                var training = Volatile.Read(ref _training);
                _requester.Tell(new TrialProgressed(_order.Lease, _progress.Stage, training?.Epoch ?? 0, training?.Epochs ?? 0, _progress.Steps));
                break;
            case InferenceMessages.GiveUp m:
                GiveUp(m.Reason);
                break;
            case Terminated:
                _orphaned = true;
                GiveUp("nobody waits for it any more");
                if (_report is not null)
                {
                    Context.Stop(Self);
                }

                break;
            case Done m:
                Report(m);
                break;
            case Resend when _report is not null:
                _requester.Tell(_report);
                break;
            case TrialRecorded m when m.Lease == _order.Lease && _report is not null:
                Context.Stop(Self);
                break;
        }
    }

    private void GiveUp(string reason)
    {
        _reason = reason;
        _stop.Cancel();
    }

    /// <summary>Runs the trial; true when its result is stored, false when it was stopped.</summary>
    private bool Work()
    {
        // Reading all features once shows no progress, and is no stall.
        _progress.Stage = "checking labels and features";
        _progress.Waiting = true;
        _node.Data.RequirePresent();
        var (plan, set) = _node.Trials.Get(_order.Folder, _order.PlanHash);
        _progress.Waiting = false;
        var trial = plan.Trials(_order.Folder, _node.Settings.Inference.TorchDevice)[_order.Trial];
        try
        {
            return trial.Run(set, Trained, Scored, _stop.Token) is not null;
        }
        finally
        {
            NativeHeap.Trim();
        }
    }

    private void Trained(TrainingProgress progress)
    {
        Volatile.Write(ref _training, progress);
        _progress.Stage = progress.ValidationVideos is null ? "training" : "validating";
        _progress.Step();
    }

    private void Scored()
    {
        _progress.Stage = "scoring";
        _progress.Step();
    }

    private void Report(Done done)
    {
        _report = done switch
        {
            { Failure: { } failure } => new TrialFailed(_order.Lease, Fault.Of(failure, "training")),
            { Ended: true } => new TrialEnded(_order.Lease),
            _ => new TrialReleased(_order.Lease, _reason),
        };
        if (_report is TrialFailed { Fault: var fault })
        {
            _log.Warning("Trial {0}: {1}", _order.Trial, fault);
        }

        if (_orphaned)
        {
            Context.Stop(Self);
        }
        else
        {
            _requester.Tell(_report);
        }
    }

    private sealed record Done(bool Ended, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed class Resend : INoSerializationVerificationNeeded
    {
        public static readonly Resend Instance = new();
    }
}
