using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>Frames by label.</summary>
/// <param name="Neutral">Frames labelled Neutral.</param>
/// <param name="Anger">Frames labelled Anger.</param>
/// <param name="Disgust">Frames labelled Disgust.</param>
/// <param name="Fear">Frames labelled Fear.</param>
/// <param name="Happiness">Frames labelled Happiness.</param>
/// <param name="Sadness">Frames labelled Sadness.</param>
/// <param name="Surprise">Frames labelled Surprise.</param>
/// <param name="Other">Frames labelled Other.</param>
public sealed record LabelCounts(long Neutral, long Anger, long Disgust, long Fear, long Happiness, long Sadness, long Surprise, long Other)
{
    /// <summary>No frames.</summary>
    public static LabelCounts Zero { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Counts labels.</summary>
    /// <param name="labels">The labels of frames.</param>
    public static LabelCounts Of(IEnumerable<Expression> labels)
    {
        var counts = new long[Expressions.Count];
        foreach (var label in labels)
        {
            counts[(int)label]++;
        }

        return new(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7]);
    }

    /// <summary>The sums by class.</summary>
    public LabelCounts Add(LabelCounts other) => new(
        Neutral + other.Neutral,
        Anger + other.Anger,
        Disgust + other.Disgust,
        Fear + other.Fear,
        Happiness + other.Happiness,
        Sadness + other.Sadness,
        Surprise + other.Surprise,
        Other + other.Other);

    /// <summary>The counts by class index, [8].</summary>
    public long[] ToArray() => [Neutral, Anger, Disgust, Fear, Happiness, Sadness, Surprise, Other];
}
