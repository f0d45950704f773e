namespace ActorCluster.Core.Scoring;

/// <summary>How far two runs agree about the same videos, and how well each does where labels are known. Grows video by video; not for two threads at once.</summary>
public sealed class RunAgreement
{
    private readonly List<VideoAgreement> _videos = [];
    private bool _isSorted = true;

    /// <summary>How often a frame that the first run calls one class is called another by the second: rows are the first run's, columns the second's.</summary>
    public ConfusionMatrix Matrix { get; private set; } = ConfusionMatrix.Sum([]);

    /// <summary>The first run's predictions against the labels, of the frames that have one.</summary>
    public ConfusionMatrix LabelsByA { get; private set; } = ConfusionMatrix.Sum([]);

    /// <summary>The second run's, of the same frames.</summary>
    public ConfusionMatrix LabelsByB { get; private set; } = ConfusionMatrix.Sum([]);

    /// <summary>Share of the frames that both runs give the same label, 0 to 1; 0 without frames.</summary>
    public double Agreement => ExpressionScore.AccuracyOf(Matrix.Counts.AsSpan());

    /// <summary>The videos, those with the most difference first; of the same difference, the longest first.</summary>
    public IReadOnlyList<VideoAgreement> Videos
    {
        get
        {
            if (!_isSorted)
            {
                _videos.Sort((x, y) => x.Agreement.CompareTo(y.Agreement) is var byAgreement and not 0 ? byAgreement
                    : y.Frames.CompareTo(x.Frames) is var byFrames and not 0 ? byFrames
                    : string.CompareOrdinal(x.Video, y.Video));
                _isSorted = true;
            }

            return _videos;
        }
    }

    /// <summary>Adds a video.</summary>
    /// <param name="video">Its id.</param>
    /// <param name="a">The first run's label of each frame, [frames].</param>
    /// <param name="b">The second run's, [frames].</param>
    /// <param name="labels">What is right, from -1 (not known) to 7, [frames]; empty where nothing is known.</param>
    /// <exception cref="ArgumentException">The lengths differ: what belongs to what cannot be told.</exception>
    public void Add(string video, IReadOnlyList<Expression> a, IReadOnlyList<Expression> b, ReadOnlySpan<sbyte> labels)
    {
        sbyte[] ofA = [.. a.Select(label => (sbyte)label)];
        sbyte[] ofB = [.. b.Select(label => (sbyte)label)];
        var matrix = ConfusionMatrix.Of(ofA, ofB);
        Matrix = ConfusionMatrix.Sum([Matrix, matrix]);
        var (f1OfA, f1OfB) = labels.IsEmpty ? (null, null) : Score(ofA, ofB, labels);
        var byB = ofB.Length == 0 ? default : (Expression)ofB.CountBy(label => label).OrderBy(c => c.Key).MaxBy(c => c.Value).Key;
        _videos.Add(new VideoAgreement(video, ofA.Length, ExpressionScore.AccuracyOf(matrix.Counts.AsSpan()), matrix.MostFrequentLabel, byB, f1OfA, f1OfB));
        _isSorted = false;
    }

    private (double? A, double? B) Score(sbyte[] a, sbyte[] b, ReadOnlySpan<sbyte> labels)
    {
        var (byA, byB) = (ConfusionMatrix.Of(labels, a), ConfusionMatrix.Of(labels, b));
        LabelsByA = ConfusionMatrix.Sum([LabelsByA, byA]);
        LabelsByB = ConfusionMatrix.Sum([LabelsByB, byB]);
        return byA.Frames == 0 ? (null, null) : (ExpressionScore.MacroF1Of(byA.Counts.AsSpan()), ExpressionScore.MacroF1Of(byB.Counts.AsSpan()));
    }
}
