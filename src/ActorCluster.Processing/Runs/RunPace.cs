using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>How fast a run has been lately, and what is left of it.</summary>
/// <param name="Run">The run.</param>
/// <param name="BlockSeconds">The length of a block of time in seconds.</param>
/// <param name="Rates">Seconds of video done for each second in the last blocks in which the run worked, oldest first.</param>
/// <param name="KnownVideos">Videos whose duration is known.</param>
/// <param name="SecondsLeft">Seconds of video that are left; videos whose duration is not known yet count as the average of the others.</param>
/// <param name="SecondsLeftError">The standard error of that.</param>
/// <param name="Stages">What the videos in flight are at, the most frequent first.</param>
/// <param name="Slowest">Videos in flight that got further the longest ago, that first; those that only wait come last.</param>
public sealed record RunPace(
    string Run,
    double BlockSeconds,
    ImmutableArray<double> Rates,
    int KnownVideos,
    double SecondsLeft,
    double SecondsLeftError,
    ImmutableArray<StageCount> Stages,
    ImmutableArray<VideoPace> Slowest) : IWireMessage;
