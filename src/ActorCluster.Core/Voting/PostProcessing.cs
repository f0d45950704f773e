using ActorCluster.Core.Pipelines;

namespace ActorCluster.Core.Voting;

/// <summary>
/// Turns a video's decided frames into its predictions: median filter, imputation, label, quantisation. A pure function over the whole video, so nothing
/// of it depends on how the video was cut or who computed it.
/// </summary>
public static class PostProcessing
{
    /// <summary>
    /// Predicts every frame of a video. Over probabilities: the median filter runs over voted frames, frames without a vote are imputed from the filtered
    /// ones, and the label is the class of the highest probability, the lowest index on ties. Over labels: probabilities stay unfiltered; the label of a
    /// voted frame is the filtered one, that of an imputed frame the class of its highest probability. Imputed frames never vote in the filter.
    /// </summary>
    /// <param name="decided">All decided frames, from frame 0 on.</param>
    /// <param name="timeline">The video's frames.</param>
    /// <param name="voting">The filter and the reach of imputation.</param>
    /// <param name="prior">Probabilities of a frame that nothing is known of, [8].</param>
    /// <param name="audioPresent">Which frames have audio, [n].</param>
    /// <returns>
    /// One row per frame of the timeline; probabilities are multiples of 1e-6, of which a row has exactly 1,000,000. Frames without a vote carry
    /// <see cref="FrameFlags.Imputed"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The lengths do not agree, or probabilities are not such.</exception>
    public static FramePredictions Predict(
        FramesDecided decided, FrameTimeline timeline, VotingSettings voting, ReadOnlySpan<double> prior, ReadOnlySpan<bool> audioPresent)
    {
        var frames = timeline.Count;
        if (decided.FirstFrame != 0 || decided.Count != frames || audioPresent.Length != frames || prior.Length != Expressions.Count)
        {
            throw new ArgumentException(
                $"Frames [{decided.FirstFrame}, {decided.EndFrame}), {audioPresent.Length} audio flags and {prior.Length} prior classes do not fit a timeline of {frames} frames.",
                nameof(decided));
        }

        var voted = new bool[frames];
        for (var i = 0; i < frames; i++)
        {
            voted[i] = (decided.Flags[i] & FrameFlags.Voted) != 0;
        }

        var kernel = voting.MedianOver == MedianOver.Probabilities ? voting.MedianKernel : 1;
        var probabilities = MedianFilter.FilterProbabilities(decided.Probabilities.AsSpan(), voted, kernel);
        Imputation.Fill(probabilities, voted, timeline, voting.ImputeWithinSeconds, prior);

        var labels = Quantise(probabilities);
        if (voting.MedianOver == MedianOver.Labels)
        {
            labels = MedianFilter.FilterLabels(labels, voted, voting.MedianKernel);
        }

        var seconds = new double[frames];
        var flags = new FrameFlags[frames];
        for (var i = 0; i < frames; i++)
        {
            seconds[i] = timeline.SecondsAt(i);
            flags[i] = decided.Flags[i]
                | (voted[i] ? FrameFlags.None : FrameFlags.Imputed)
                | (audioPresent[i] ? FrameFlags.AudioPresent : FrameFlags.None);
        }

        return new FramePredictions(seconds, Array.ConvertAll(labels, label => (Expression)label), probabilities, flags);
    }

    /// <summary>Quantises every row in place and returns its class.</summary>
    private static int[] Quantise(Span<double> probabilities)
    {
        var labels = new int[probabilities.Length / Expressions.Count];
        Span<int> units = stackalloc int[Expressions.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            var row = probabilities.Slice(i * Expressions.Count, Expressions.Count);
            labels[i] = Quantisation.Quantise(row, units);
            for (var k = 0; k < units.Length; k++)
            {
                row[k] = (double)units[k] / Quantisation.UnitsInOne;
            }
        }

        return labels;
    }
}
