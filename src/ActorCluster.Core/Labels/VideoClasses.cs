using System.Collections.Immutable;

namespace ActorCluster.Core.Labels;

/// <summary>How often each class was annotated in a video.</summary>
/// <param name="Id">The video's id.</param>
/// <param name="Counts">Labelled frames of each class, [8].</param>
public sealed record VideoClasses(string Id, ImmutableArray<long> Counts)
{
    /// <summary>Counts labels; unlabelled frames do not count.</summary>
    /// <param name="id">The video's id.</param>
    /// <param name="labels">The label of each frame, from -1 to 7.</param>
    public static VideoClasses Of(string id, ReadOnlySpan<sbyte> labels)
    {
        var counts = new long[Expressions.Count];
        foreach (var label in labels)
        {
            if (label != LabelFile.Unlabelled)
            {
                counts[label]++;
            }
        }

        return new VideoClasses(id, [.. counts]);
    }
}
