using ActorCluster.Processing.Control;
using ActorCluster.Processing.Hosting;
using ActorCluster.Storage;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palettes of a node.</summary>
public static class NodePalettes
{
    /// <summary>All of them, in the order in which help lists them.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="control">The cluster.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="log">The node's log.</param>
    public static IEnumerable<ICommandHandler> Of(IRunService runs, IClusterControl control, DataDirectory data, LogFeed log) =>
    [
        new RunPalette(runs, control, data),
        new VideoPalette(runs),
        new NodePalette(control),
        new GpuPalette(control),
        new FeaturesPalette(data, runs),
        new ClusterPalette(control),
        new ShardingPalette(control),
        new LogPalette(log, runs),
        new ActorPalette(control),
    ];
}
