using ActorCluster.Core;

namespace ActorCluster.Training.SampleData;

/// <summary>One expression from its label's first moment to the next one's. Times are in seconds from the video's start.</summary>
/// <param name="Expression">The class.</param>
/// <param name="Start">Where its label starts.</param>
/// <param name="LookStart">Where the face is half-way into it.</param>
/// <param name="SoundStart">Where the voice is half-way into it.</param>
/// <param name="RampSeconds">How long face and voice take from the expression before to this one.</param>
/// <param name="LookIntensity">How strongly the face shows it, 0 to 1.</param>
/// <param name="SoundIntensity">How strongly the voice carries it, 0 to 1.</param>
/// <param name="AmbiguousSeconds">How long around <paramref name="Start"/> the label is -1: an annotator who could not decide. Mostly 0.</param>
internal readonly record struct Episode(
    Expression Expression,
    double Start,
    double LookStart,
    double SoundStart,
    double RampSeconds,
    double LookIntensity,
    double SoundIntensity,
    double AmbiguousSeconds);
