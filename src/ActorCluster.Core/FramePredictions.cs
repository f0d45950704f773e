namespace ActorCluster.Core;

/// <summary>
/// A whole video's predictions by column, one row per frame of the timeline. Row i is frame i + 1 in the outputs, which count frames from 1 as Aff-Wild2 does.
/// </summary>
public sealed class FramePredictions
{
    /// <summary>Makes the table from its columns.</summary>
    /// <param name="ptsSeconds">Presentation time of each frame in seconds, [n].</param>
    /// <param name="labels">The label of each frame, [n].</param>
    /// <param name="probabilities">Class probabilities, [n, 8] row by row; every row is a multiple of 1e-6 and sums to 1.</param>
    /// <param name="flags">The flags of each frame, [n].</param>
    /// <exception cref="ArgumentException">The columns' lengths do not agree.</exception>
    public FramePredictions(double[] ptsSeconds, Expression[] labels, double[] probabilities, FrameFlags[] flags)
    {
        if (labels.Length != ptsSeconds.Length || flags.Length != ptsSeconds.Length || probabilities.Length != ptsSeconds.Length * Expressions.Count)
        {
            throw new ArgumentException($"Columns of {ptsSeconds.Length} times, {labels.Length} labels, {flags.Length} flags and {probabilities.Length} probabilities do not agree.");
        }

        PtsSeconds = ptsSeconds;
        Labels = labels;
        Probabilities = probabilities;
        Flags = flags;
    }

    /// <summary>The number of frames.</summary>
    public int Count => PtsSeconds.Count;

    /// <summary>Presentation time of each frame in seconds, [n].</summary>
    public IReadOnlyList<double> PtsSeconds { get; }

    /// <summary>The label of each frame, [n].</summary>
    public IReadOnlyList<Expression> Labels { get; }

    /// <summary>Class probabilities, [n, 8] row by row.</summary>
    public IReadOnlyList<double> Probabilities { get; }

    /// <summary>The flags of each frame, [n].</summary>
    public IReadOnlyList<FrameFlags> Flags { get; }

    /// <summary>The probability of one class in one frame.</summary>
    /// <param name="frame">The frame's 0-based index.</param>
    /// <param name="expression">The class.</param>
    public double Probability(int frame, Expression expression) => Probabilities[(frame * Expressions.Count) + (int)expression];
}
