using System.Collections.Immutable;

namespace ActorCluster.Training.SampleData;

/// <summary>What a sample set holds.</summary>
/// <param name="Videos">The number of videos.</param>
/// <param name="Made">How many of them this call made; the others were there.</param>
/// <param name="Speakers">The number of speakers.</param>
/// <param name="Frames">The number of frames.</param>
/// <param name="FramesWithoutFace">How many of them show no face.</param>
/// <param name="SkippedFrames">How many have the label -1.</param>
/// <param name="ClassFrames">Labelled frames by class and split, [8][3]: train, validation, test.</param>
/// <param name="Seconds">The videos' length together.</param>
/// <param name="OracleBoth">Macro F1, 0 to 1, over all labelled frames of the best label that can be told from pictures and sound.</param>
/// <param name="OracleVideo">The same from pictures alone.</param>
/// <param name="OracleAudio">The same from sound alone.</param>
public sealed record SampleSetSummary(
    int Videos,
    int Made,
    int Speakers,
    int Frames,
    int FramesWithoutFace,
    int SkippedFrames,
    ImmutableArray<ImmutableArray<int>> ClassFrames,
    double Seconds,
    double OracleBoth,
    double OracleVideo,
    double OracleAudio);
