using System.Collections.Immutable;
using ActorCluster.Models.Fusion;

namespace ActorCluster.Training.Evaluation;

/// <summary>What is taken from a network, by masks alone: the very masks that inference sets for a missing face or a missing voice.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="HiddenFaces">The share of the faces that is hidden, 0 to 1; between those in <see cref="FaceBursts"/>.</param>
/// <param name="HidesAudio">Whether all audio is hidden.</param>
internal sealed record MaskCondition(string Name, double HiddenFaces, bool HidesAudio)
{
    private static readonly int[] BurstPercents = [10, 25, 50, 90];

    /// <summary>Nothing is hidden.</summary>
    public static MaskCondition Everything { get; } = new("video and audio", 0, false);

    /// <summary>The conditions that mean something to a network.</summary>
    /// <param name="modalities">What it looks at: hiding what it never sees changes nothing, and hiding all that it sees leaves the prior.</param>
    public static ImmutableArray<MaskCondition> For(Modalities modalities)
    {
        IEnumerable<MaskCondition> bursts = BurstPercents.Select(p => new MaskCondition($"{p} % of the faces missing", p / 100.0, false));
        return modalities switch
        {
            Modalities.Audio => [Everything],
            Modalities.Video => [Everything, .. bursts],
            _ => [Everything, new("video only", 0, true), .. bursts, new("audio only", 1, false)],
        };
    }

    /// <summary>What is left of a video.</summary>
    /// <param name="video">The video.</param>
    /// <param name="seed">Decides which faces are hidden.</param>
    public PresenceMasks Of(TrainingVideo video, ulong seed)
    {
        var features = video.Features;
        var face = HiddenFaces switch
        {
            0 => features.FacePresent,
            1 => None(),
            _ => FaceBursts.Hide(features.FacePresent, features.Info.Timeline, HiddenFaces, seed, video.Id),
        };
        return new PresenceMasks(face, HidesAudio ? None() : features.AudioPresent);

        ImmutableArray<bool> None() => [.. new bool[features.Count]];
    }
}
