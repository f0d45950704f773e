using ActorCluster.Core;
using ActorCluster.Core.Labels;

namespace ActorCluster.Node.Doctor;

/// <summary>The label files of one folder, such as <c>Train_Set</c>, and what they hold in all.</summary>
internal sealed class LabelSet(string name)
{
    /// <summary>The folder within the tree of labels; <c>.</c> for the tree's own.</summary>
    public string Name { get; } = name;

    /// <summary>The number of readable label files.</summary>
    public int Videos { get; private set; }

    /// <summary>The number of their lines.</summary>
    public long Frames { get; private set; }

    /// <summary>Labelled frames of each class, [8].</summary>
    public long[] Counts { get; } = new long[Expressions.Count];

    /// <summary>Labelled frames.</summary>
    public long Labelled => Counts.Sum();

    /// <summary>Labelled frames that have no crop; 0 where crops are not looked at.</summary>
    public long WithoutCrop { get; private set; }

    /// <summary>Counts a video.</summary>
    public void Add(LabelFile labels, int withoutCrop)
    {
        Videos++;
        Frames += labels.Labels.Length;
        WithoutCrop += withoutCrop;
        var classes = VideoClasses.Of("", labels.Labels.AsSpan());
        for (var c = 0; c < Counts.Length; c++)
        {
            Counts[c] += classes.Counts[c];
        }
    }
}
