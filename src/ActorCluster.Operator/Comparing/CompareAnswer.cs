using System.Collections.Immutable;

namespace ActorCluster.Operator.Comparing;

/// <summary>What <c>GET /v1/compare</c> answers: how far two runs agree, as far as they have been compared.</summary>
/// <param name="A">The first run.</param>
/// <param name="B">The second run.</param>
/// <param name="Classes">The classes by index, [8].</param>
/// <param name="Common">Videos that both have completed: the same id and the same content.</param>
/// <param name="Compared">How many of them have been compared so far, those left out included.</param>
/// <param name="Frames">Frames of the compared videos.</param>
/// <param name="Agreement">Share of them that both give the same label, 0 to 1; 0 without frames.</param>
/// <param name="Matrix">Frames by the first run's label (rows) and the second's (columns), [8, 8].</param>
/// <param name="F1">How well each does against the labels that a manifest names; null where there are none.</param>
/// <param name="Videos">Some videos, those with the most difference first.</param>
/// <param name="LeftOut">How many videos could not be compared.</param>
/// <param name="LeftOutVideos">The first of them, with the reason.</param>
/// <param name="Notices">What is wrong with labels, the first of it.</param>
internal sealed record CompareAnswer(
    ComparedRun A,
    ComparedRun B,
    ImmutableArray<string> Classes,
    int Common,
    int Compared,
    long Frames,
    double Agreement,
    ImmutableArray<ImmutableArray<long>> Matrix,
    ComparedScores? F1,
    ImmutableArray<ComparedVideo> Videos,
    int LeftOut,
    ImmutableArray<LeftOutVideo> LeftOutVideos,
    ImmutableArray<string> Notices);
