using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Storage;

namespace ActorCluster.Operator;

/// <summary>A video's predictions drawn small.</summary>
/// <param name="Classes">The names of the classes, [8].</param>
/// <param name="Start">When the first frame begins, in seconds.</param>
/// <param name="End">When the last one ends.</param>
/// <param name="Columns">The drawing, as <see cref="TimelineColumns"/> has it.</param>
/// <param name="Frames">The number of frames.</param>
/// <param name="Imputed">Frames whose probabilities come from neighbours or the prior.</param>
/// <param name="Undecoded">Frames that could not be decoded.</param>
/// <param name="Labels">Frames by label, [8].</param>
/// <param name="Faces">The share of frames with a face, 0 to 1.</param>
internal sealed record TimelineAnswer(
    ImmutableArray<string> Classes, double Start, double End, string Columns, int Frames, int Imputed, int Undecoded, ImmutableArray<long> Labels, double Faces)
{
    /// <summary>Draws predictions.</summary>
    /// <param name="predictions">At least one frame.</param>
    public static TimelineAnswer Of(FramePredictions predictions)
    {
        int With(FrameFlags flag) => predictions.Flags.Count(f => (f & flag) != 0);
        return new TimelineAnswer(
            Expressions.Names,
            predictions.PtsSeconds[0],
            TimelineColumns.EndSeconds(predictions),
            TimelineColumns.Encode(predictions),
            predictions.Count,
            With(FrameFlags.Imputed),
            predictions.Count - With(FrameFlags.Decoded),
            [.. LabelCounts.Of(predictions.Labels).ToArray()],
            (double)With(FrameFlags.FacePresent) / predictions.Count);
    }
}
