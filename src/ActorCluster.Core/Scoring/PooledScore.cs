namespace ActorCluster.Core.Scoring;

/// <summary>A system's score over the pooled frames of several videos, with what is needed to judge it.</summary>
/// <param name="Score">The measures.</param>
/// <param name="Intervals">Confidence intervals, from a bootstrap over the videos.</param>
/// <param name="BaselineLabel">The most frequent label.</param>
/// <param name="Baseline">The measures of always predicting it: what a system has to beat.</param>
public sealed record PooledScore(ExpressionScore Score, BootstrapResult Intervals, Expression BaselineLabel, ExpressionScore Baseline)
{
    /// <summary>Scores videos.</summary>
    /// <param name="videos">The confusion matrix of each video, at least one.</param>
    public static PooledScore Of(IReadOnlyList<ConfusionMatrix> videos)
    {
        var score = ExpressionScore.Of(ConfusionMatrix.Sum(videos));
        var label = score.Confusion.MostFrequentLabel;
        return new PooledScore(score, VideoBootstrap.Scores(videos), label, ExpressionScore.Of(score.Confusion.AlwaysPredicting(label)));
    }
}
