using ActorCluster.Core;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Evaluation;

/// <summary>The confusion matrices of one way to predict, video by video.</summary>
internal sealed class VideoMatrices
{
    private readonly List<ConfusionMatrix> all = [];
    private readonly List<ConfusionMatrix> marked = [];

    /// <summary>Over all labelled frames, [videos].</summary>
    public IReadOnlyList<ConfusionMatrix> All => all;

    /// <summary>Over those that are marked, [videos].</summary>
    public IReadOnlyList<ConfusionMatrix> Marked => marked;

    /// <summary>Counts a video.</summary>
    /// <param name="video">The video.</param>
    /// <param name="predictions">Its predictions.</param>
    /// <param name="marks">The frames to count by themselves too, [n].</param>
    public void Add(TrainingVideo video, FramePredictions predictions, ReadOnlySpan<bool> marks)
    {
        sbyte[] labels = [.. predictions.Labels.Select(l => (sbyte)l)];
        all.Add(ConfusionMatrix.Of(video.Labels.AsSpan(), labels));
        marked.Add(ConfusionMatrix.Of(video.Labels.AsSpan(), labels, marks));
    }

    /// <summary>The scores, when the frames with a face are marked.</summary>
    public SystemScore ToScore() => new(PooledScore.Of(all), PooledScore.Of(marked));
}
