namespace ActorCluster.Processing.Runs;

/// <summary>Which of a run's videos are wanted.</summary>
/// <param name="Run">The run.</param>
/// <param name="State">Only those in this state; null for all.</param>
/// <param name="Cause">Only quarantined ones whose cause or stage has this text, whatever its case; null for all.</param>
/// <param name="Text">Only those whose id has this text, and quarantined ones whose cause or stage has it, whatever its case; null for all.</param>
/// <param name="Sort">What they are ordered by.</param>
/// <param name="Descending">Whether the greatest comes first.</param>
/// <param name="Skip">How many of them to leave out.</param>
/// <param name="Take">How many to list, at most <see cref="MostRows"/>.</param>
public sealed record VideoQuery(
    string Run,
    RunVideoState? State = null,
    string? Cause = null,
    string? Text = null,
    VideoSort Sort = VideoSort.Index,
    bool Descending = false,
    int Skip = 0,
    int Take = VideoQuery.MostRows)
{
    /// <summary>The most rows of one answer.</summary>
    public const int MostRows = 500;
}
