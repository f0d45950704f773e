using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Videos;
using ActorCluster.Training.Ablation;
using Akka.Actor;
using static ActorCluster.Processing.Trials.TrialMessages;

namespace ActorCluster.Processing.Trials;

/// <summary>
/// One trial of an ablation: asks the broker for a slot until it has one, has the granting node run the trial, and asks again whenever the slot is lost.
/// It needs no journal: the trial's folder has its result or its training's state.
/// </summary>
internal sealed class TrialActor : UntypedActor, IWithTimers
{
    private const int MostLostNodes = 3;
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    private readonly VideoKey _key;
    private readonly string _folder;
    private readonly string _planHash;
    private readonly AblationTrial _trial;
    private readonly IActorRef _broker;
    private readonly string _path = Akka.Serialization.Serialization.SerializedActorPath(Context.Self);
    private string? _lease;
    private int _failures;
    private int _epoch;
    private int _lostNodes;
    private bool _ended;

    public TrialActor(VideoKey key, string folder, string planHash, AblationTrial trial, IActorRef broker)
    {
        _key = key;
        _folder = folder;
        _planHash = planHash;
        _trial = trial;
        _broker = broker;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="key">The trial in the form of a video; its index is the trial's place in the plan.</param>
    /// <param name="folder">The ablation's folder.</param>
    /// <param name="planHash">The hash of the plan in it.</param>
    /// <param name="trial">The trial.</param>
    /// <param name="broker">The slot broker.</param>
    public static Props Props(VideoKey key, string folder, string planHash, AblationTrial trial, IActorRef broker) =>
        Akka.Actor.Props.Create(() => new TrialActor(key, folder, planHash, trial, broker)).WithDispatcher(Dispatchers.Blocking);

    protected override void PreStart() => Timers.StartPeriodicTimer(Ask.Instance, Ask.Instance, TimeSpan.Zero, AskEvery);

    protected override void PostStop() => Request(0);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ask:
                if (CanWork)
                {
                    Request(1);
                }

                break;
            case BackOffIsOver:
                Request(1);
                break;
            case VideoCommands.SlotsGranted m:
                Granted(m);
                break;
            case VideoCommands.LeaseLost m when m.Lease == _lease:
                Lost(m);
                break;
            case TrialProgressed m when m.Lease == _lease:
                Progressed(m);
                break;
            case TrialEnded m:
                Sender.Tell(new TrialRecorded(m.Lease));
                Ended();
                break;
            case TrialReleased m:
                Sender.Tell(new TrialRecorded(m.Lease));
                if (m.Lease == _lease)
                {
                    Release(m.Reason);
                }

                break;
            case TrialFailed m:
                Sender.Tell(new TrialRecorded(m.Lease));
                if (m.Lease == _lease)
                {
                    Failed(m.Fault);
                }

                break;
            case VideoCommands.LeaseLost or TrialProgressed:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private bool CanWork => !_ended && _lease is null && !Timers.IsTimerActive(BackOffIsOver.Instance);

    private void Granted(VideoCommands.SlotsGranted grant)
    {
        foreach (var lease in grant.Leases)
        {
            if (!CanWork)
            {
                _broker.Tell(new SlotMessages.ReturnLease(lease));
                continue;
            }

            _lease = lease;
            ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(grant.NodePath).Tell(new StartTrial(lease, _key, _path, _folder, _planHash, _key.Index));
            Context.Parent.Tell(new AblationMessages.Progressed(_key.Index, "starting", 0, 0));
        }
    }

    private void Progressed(TrialProgressed m)
    {
        _failures = m.Epoch > _epoch ? 0 : _failures;
        _epoch = Math.Max(_epoch, m.Epoch);
        Context.Parent.Tell(new AblationMessages.Progressed(_key.Index, m.Stage, m.Epoch, m.Steps));
    }

    private void Lost(VideoCommands.LeaseLost m)
    {
        _lostNodes += m.NodeLost ? 1 : 0;
        if (_lostNodes < MostLostNodes)
        {
            Release(m.Reason);
            return;
        }

        // No video's fault to be told from a bad night by trying alone: whoever looks decides.
        _lostNodes = 0;
        Failed(new Fault(false, "training", $"The node that worked on it was lost {MostLostNodes} times.", "Look at the nodes' memory and logs, then start the same command again.", []));
    }

    private void Release(string reason)
    {
        _lease = null;
        Context.Parent.Tell(new AblationMessages.Released(_key.Index, reason));
        BackOff(1);
    }

    private void Failed(Fault fault)
    {
        _lease = null;
        Context.Parent.Tell(new AblationMessages.Failed(_key.Index, fault));
        BackOff(Math.Pow(2, Math.Min(_failures++, 5)));
    }

    private void Ended()
    {
        _lease = null;
        try
        {
            if (!_ended && _trial.Read() is { } result)
            {
                _ended = true;
                Request(0);
                Context.Parent.Tell(new AblationMessages.Ended(_key.Index, result));
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(Fault.Of(e, "training"));
        }
    }

    private void BackOff(double seconds) =>
        Timers.StartSingleTimer(BackOffIsOver.Instance, BackOffIsOver.Instance, TimeSpan.FromSeconds(Math.Min(seconds, LongestBackOff.TotalSeconds)));

    private void Request(int wanted) => _broker.Tell(new SlotMessages.RequestSlots(_key, 0, wanted, Alone: false, _path));

    private sealed class Ask : INoSerializationVerificationNeeded
    {
        public static readonly Ask Instance = new();
    }

    private sealed class BackOffIsOver : INoSerializationVerificationNeeded
    {
        public static readonly BackOffIsOver Instance = new();
    }
}
