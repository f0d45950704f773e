using System.Collections.Immutable;

namespace ActorCluster.Training.SampleData;

/// <summary>A video's labels, one per frame: the class's index, or -1 where an annotator could not decide.</summary>
internal static class FrameLabels
{
    /// <summary>The label of a frame that must not be scored.</summary>
    public const int Skip = -1;

    /// <summary>The labels of a video.</summary>
    public static ImmutableArray<int> Of(VideoPlan plan) => [.. Enumerable.Range(0, plan.FrameCount).Select(frame => At(plan.Episodes, plan.TimeOf(frame)))];

    private static int At(ImmutableArray<Episode> episodes, double seconds)
    {
        var label = (int)episodes[0].Expression;
        foreach (var episode in episodes)
        {
            if (Math.Abs(seconds - episode.Start) < episode.AmbiguousSeconds / 2)
            {
                return Skip;
            }

            label = seconds >= episode.Start ? (int)episode.Expression : label;
        }

        return label;
    }
}
