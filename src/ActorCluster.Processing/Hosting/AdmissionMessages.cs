using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Hosting;

/// <summary>What a node that joins and the cluster tell each other.</summary>
internal static class AdmissionMessages
{
    /// <summary>A node asks whether it may take part.</summary>
    /// <param name="Node">Its name.</param>
    /// <param name="Version">The application's version, for people.</param>
    /// <param name="WireVersion">The version of messages and events.</param>
    /// <param name="NumericVersion">The version of what is computed.</param>
    /// <param name="ProofFile">The name of a file that it has written into the data folder.</param>
    /// <param name="Proof">That file's content.</param>
    internal sealed record RequestAdmission(string Node, string Version, int WireVersion, int NumericVersion, string ProofFile, string Proof) : IWireMessage;

    /// <summary>It may.</summary>
    /// <param name="DataId">What the marker of the data folder says where the coordinator looks.</param>
    internal sealed record Admitted(string DataId) : IWireMessage;

    /// <summary>It may not.</summary>
    /// <param name="Cause">Why.</param>
    /// <param name="Remedy">What to do.</param>
    internal sealed record Refused(string Cause, string Remedy) : IWireMessage;
}
