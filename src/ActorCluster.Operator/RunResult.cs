using ActorCluster.Storage;

namespace ActorCluster.Operator;

/// <summary>How a run has ended.</summary>
/// <param name="Data">The data folder, as the node sees it.</param>
/// <param name="Summary">The run's summary; of its videos only the first quarantined ones.</param>
public sealed record RunResult(string Data, RunSummary Summary)
{
    /// <summary>The most videos that the summary has.</summary>
    public const int ListedVideos = 20;
}
