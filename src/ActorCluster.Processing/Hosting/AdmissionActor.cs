using ActorCluster.Processing.Inference;
using Akka.Actor;
using static ActorCluster.Processing.Hosting.AdmissionMessages;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// Cluster singleton that lets nodes take part, or says why not: another version, a state that only one process can use, a data folder that is not shared.
/// </summary>
internal sealed class AdmissionActor : UntypedActor
{
    /// <summary>
    /// The version of messages and events. One more whenever a process of the version before could not understand them; nodes of two versions do not mix.
    /// </summary>
    public const int WireVersion = 1;

    private readonly NodeContext _node;

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

    protected override void OnReceive(object message)
    {
        if (message is not RequestAdmission request)
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
