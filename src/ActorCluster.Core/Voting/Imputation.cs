namespace ActorCluster.Core.Voting;

/// <summary>Fills the probabilities of frames without a vote from their voted neighbours in time.</summary>
internal static class Imputation
{
    /// <summary>
    /// Fills every row without a vote: linearly interpolated in presentation time between the nearest voted frames on both sides when both are within
    /// <paramref name="withinSeconds"/>; held from the one that is; the prior when neither is. A video without any vote is all prior.
    /// </summary>
    /// <param name="probabilities">Probabilities, [n, 8]; the rows without a vote are written.</param>
    /// <param name="voted">Which frames have a vote, [n].</param>
    /// <param name="timeline">The video's frames.</param>
    /// <param name="withinSeconds">The largest distance in time, inclusive, in seconds.</param>
    /// <param name="prior">The prior, [8].</param>
    public static void Fill(Span<double> probabilities, ReadOnlySpan<bool> voted, FrameTimeline timeline, double withinSeconds, ReadOnlySpan<double> prior)
    {
        var previous = -1;
        for (var i = 0; i < voted.Length;)
        {
            if (voted[i])
            {
                previous = i++;
                continue;
            }

            var gap = voted[i..].IndexOf(true);
            var next = gap < 0 ? voted.Length : i + gap;
            for (; i < next; i++)
            {
                var before = previous >= 0 && Distance(timeline, previous, i) <= withinSeconds;
                var after = next < voted.Length && Distance(timeline, i, next) <= withinSeconds;
                var row = Row(probabilities, i);
                if (before && after)
                {
                    var weight = (double)(timeline.Pts[i] - timeline.Pts[previous]) / (timeline.Pts[next] - timeline.Pts[previous]);
                    Interpolate(Row(probabilities, previous), Row(probabilities, next), weight, row);
                }
                else
                {
                    (before ? Row(probabilities, previous) : after ? Row(probabilities, next) : prior).CopyTo(row);
                }
            }
        }
    }

    private static double Distance(FrameTimeline timeline, int earlier, int later) => timeline.TimeBase.ToSeconds(timeline.Pts[later] - timeline.Pts[earlier]);

    private static Span<double> Row(Span<double> probabilities, int frame) => probabilities.Slice(frame * Expressions.Count, Expressions.Count);

    private static void Interpolate(ReadOnlySpan<double> from, ReadOnlySpan<double> to, double weight, Span<double> row)
    {
        for (var k = 0; k < row.Length; k++)
        {
            row[k] = from[k] + ((to[k] - from[k]) * weight);
        }
    }
}
