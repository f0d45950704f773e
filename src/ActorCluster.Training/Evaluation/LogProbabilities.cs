using ActorCluster.Core;

namespace ActorCluster.Training.Evaluation;

/// <summary>The labelled frames of a video as <see cref="LogitBias"/> needs them.</summary>
/// <param name="Id">The video's id.</param>
/// <param name="Values">Natural logarithms of the probabilities, [m, 8].</param>
/// <param name="Labels">Labels, [m], 0 to 7.</param>
internal sealed record LogProbabilities(string Id, float[] Values, sbyte[] Labels)
{
    // Half of the smallest probability that is not 0 in a prediction file.
    private const double Floor = 5e-7;

    /// <summary>A frame's logarithms, [8].</summary>
    public ReadOnlySpan<float> Row(int frame) => Values.AsSpan(frame * Expressions.Count, Expressions.Count);

    /// <summary>Takes the labelled frames of a video's predictions.</summary>
    public static LogProbabilities Of(TrainingVideo video, FramePredictions predictions)
    {
        List<float> values = [];
        List<sbyte> labels = [];
        for (var i = 0; i < predictions.Count; i++)
        {
            if (video.Labels[i] >= 0)
            {
                labels.Add(video.Labels[i]);
                for (var k = 0; k < Expressions.Count; k++)
                {
                    values.Add((float)Math.Log(Math.Max(Floor, predictions.Probability(i, (Expression)k))));
                }
            }
        }

        return new LogProbabilities(video.Id, [.. values], [.. labels]);
    }
}
