using ActorCluster.Processing.Inference;
using ActorCluster.Storage;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using static ActorCluster.Processing.Hosting.AdmissionMessages;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// Cluster singleton that lets nodes take part, or says why not: another version, a state that only one process can use, a data folder that is not shared. It
/// also clears up behind those that are gone.
/// </summary>
internal sealed class AdmissionActor : UntypedActor
{
    /// <summary>
    /// The version of messages and events. One more whenever a process of the version before could not understand them; nodes of two versions do not mix.
    /// </summary>
    public const int WireVersion = 2;

    private readonly NodeContext _node;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public AdmissionActor(NodeContext node) => _node = node;

    public static Props Props(NodeContext node) => Akka.Actor.Props.Create(() => new AdmissionActor(node));

    /// <summary>Why a node may not take part; null if nothing speaks against it but what only the data folder can tell.</summary>
    /// <param name="request">What the node says of itself.</param>
    /// <param name="self">The name of the process that judges.</param>
    /// <param name="settings">Its settings.</param>
    public static Refused? Judge(RequestAdmission request, string self, NodeSettings settings)
    {
        if (request.WireVersion != WireVersion || request.NumericVersion != EncoderIdentity.NumericVersion)
        {
            return new Refused(
                $"node {request.Node} runs version {request.Version} (messages {request.WireVersion}, numbers {request.NumericVersion}), the cluster runs messages {WireVersion}, numbers {EncoderIdentity.NumericVersion}.",
                "Run the same version on all nodes: stop them all, then start the new version; runs go on.");
        }

        return settings.State is null && request.Node != self
            ? new Refused($"the cluster of {self} keeps its state in SQLite, which one process alone can use.", "Give every node the same PostgreSQL database (state, --state).")
            : null;
    }

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is ClusterEvent.MemberRemoved removed)
        {
            ClearUpBehind(removed.Member);
        }
        else if (message is not RequestAdmission request)
        {
            Unhandled(message);
        }
        else if (Judge(request, _node.Name, _node.Settings) is { } refused)
        {
            Sender.Tell(refused);
        }
        else
        {
            OwnThread.Run(() => Look(request)).PipeTo(Sender, Self, failure: e => new Refused(Fault.Of(e, "admission").Cause, "Look at that node's data folder."));
        }
    }

    /// <summary>A node that comes back at the same address clears up itself, and may already be writing.</summary>
    private void ClearUpBehind(Member gone)
    {
        if (!_cluster.State.Members.Any(m => m.Address == gone.Address) && gone.UniqueAddress != _cluster.SelfUniqueAddress)
        {
            var name = Membership.NameOf(gone.UniqueAddress);
            OwnThread.Run(() => AtomicFile.DeleteTemporariesOf(_node.Data.Root, Membership.AddressOf(name))).ContinueWith(
                t => _log.Warning("What node {0} left half written could not be removed; it takes space only: {1}", name, t.Exception?.InnerException?.Message ?? "?"),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
        }
    }

    private object Look(RequestAdmission request)
    {
        var file = Path.Combine(_node.Data.Nodes, Path.GetFileName(request.ProofFile));
        var seen = File.Exists(file) ? File.ReadAllText(file) : null;
        return seen == request.Proof
            ? new Admitted(File.ReadAllText(_node.Data.Marker))
            : new Refused(
                $"what node {request.Node} wrote into its data folder is not to be seen in '{_node.Data.Root}' of node {_node.Name}: the folder is not shared.",
                "Mount the same shared folder on every node and name it with --data.");
    }
}
