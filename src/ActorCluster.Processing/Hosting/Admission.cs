using ActorCluster.Core.Faults;
using ActorCluster.Processing.Inference;
using ActorCluster.Storage;
using Akka.Actor;
using static ActorCluster.Processing.Hosting.AdmissionMessages;

namespace ActorCluster.Processing.Hosting;

/// <summary>A joining node's side of <see cref="AdmissionActor"/>.</summary>
internal static class Admission
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>Asks the cluster until it answers.</summary>
    /// <param name="admission">The way to the cluster's <see cref="AdmissionActor"/>.</param>
    /// <param name="node">This node.</param>
    /// <exception cref="EnvironmentFaultException">The cluster refuses the node, or nobody answers.</exception>
    public static async Task RequestAsync(IActorRef admission, NodeContext node)
    {
        var (file, proof) = ($"{Guid.NewGuid():N}.proof", Guid.NewGuid().ToString("N"));
        var path = Path.Combine(node.Data.Nodes, file);
        AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(proof)));
        try
        {
            var answer = await AskAsync(admission, new RequestAdmission(node.Name, ProductVersion.Text, AdmissionActor.WireVersion, EncoderIdentity.NumericVersion, file, proof));
            if (answer is Refused refused)
            {
                throw new EnvironmentFaultException("cluster", $"The cluster does not take this node: {refused.Cause}", refused.Remedy);
            }

            if (answer is Admitted admitted && admitted.DataId != await File.ReadAllTextAsync(node.Data.Marker))
            {
                throw new EnvironmentFaultException(
                    "cluster", $"The data folder '{node.Data.Root}' is another one than the cluster's.", "Mount the same shared folder on every node and name it with --data.");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<object> AskAsync(IActorRef admission, RequestAdmission request)
    {
        for (var until = DateTime.UtcNow + Patience; ;)
        {
            try
            {
                return await admission.Ask<object>(request, AnswerWithin);
            }
            catch (AskTimeoutException e)
            {
                if (DateTime.UtcNow > until)
                {
                    throw new EnvironmentFaultException("cluster", $"No coordinator has answered within {Patience.TotalSeconds:0} s.", "Start a node with the role coordinator.", e);
                }
            }
        }
    }
}
