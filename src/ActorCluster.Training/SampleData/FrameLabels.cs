using System.Collections.Immutable;
using ActorCluster.Core.Labels;

namespace ActorCluster.Training.SampleData;

/// <summary>A video's labels, one per frame: the class's index, or -1 where an annotator could not decide.</summary>
internal static class FrameLabels
{
    /// <summary>The labels of a video.</summary>
    public static ImmutableArray<sbyte> Of(VideoPlan plan) => [.. Enumerable.Range(0, plan.FrameCount).Select(frame => At(plan.Episodes, plan.TimeOf(frame)))];

    private static sbyte At(ImmutableArray<Episode> episodes, double seconds)
    {
        var label = (sbyte)episodes[0].Expression;
        foreach (var episode in episodes)
        {
            if (Math.Abs(seconds - episode.Start) < episode.AmbiguousSeconds / 2)
            {
                return LabelFile.Unlabelled;
            }

            label = seconds >= episode.Start ? (sbyte)episode.Expression : label;
        }

        return label;
    }
}
