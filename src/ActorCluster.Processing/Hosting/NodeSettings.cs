using System.Collections.Immutable;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Processing.Hosting;

/// <summary>Everything that is set about one node. The defaults are those of a cluster of one process.</summary>
public sealed record NodeSettings
{
    /// <summary>What the node does.</summary>
    public NodeRoles Roles { get; init; } = NodeRoles.All;

    /// <summary>The name or address that the other nodes reach this one at, and that it listens on.</summary>
    public string Hostname { get; init; } = "127.0.0.1";

    /// <summary>The TCP port of the cluster's protocol, 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>Nodes to join at, as <c>host:port</c>; the first may found the cluster. Empty: this node is a cluster of its own.</summary>
    public ImmutableArray<string> Seeds { get; init; } = [];

    /// <summary>The connection string of the PostgreSQL database that all nodes keep their state in; null for SQLite files in the data folder.</summary>
    public string? State { get; init; }

    /// <summary>Units of work at a time, 1 to 256. Has a meaning on nodes with the role <see cref="NodeRoles.Gpu"/>.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>Units that this node decodes at a time for other nodes, 0 for none. Has a meaning on nodes with the role <see cref="NodeRoles.Worker"/>.</summary>
    public int DecodeSlots { get; init; }

    /// <summary>Bytes of decoded pictures and sound that may wait for the device at a time, on this node.</summary>
    public long StagingBytes { get; init; } = 1L << 30;

    /// <summary>Where models are and what they run on.</summary>
    public InferenceSettings Inference { get; init; } = new();

    /// <summary>With what it speaks TLS to other nodes; null for plain TCP.</summary>
    public NodeTls? Tls { get; init; }

    /// <summary>How long it waits for what.</summary>
    public NodeTimers Timers { get; init; } = new();

    /// <summary>Whether other nodes can join: the state must then be PostgreSQL and the data folder shared.</summary>
    public bool IsClustered => !Seeds.IsDefaultOrEmpty;
}
