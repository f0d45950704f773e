using System.Collections.Immutable;

namespace ActorCluster.Training.SampleData;

/// <summary>How an expression changes a voice.</summary>
/// <param name="Pitch">Fundamental frequency over the speaker's usual one.</param>
/// <param name="RangeSemitones">How far the pitch swings with the syllables.</param>
/// <param name="ContourSemitones">How far the pitch rises over a phrase; negative: falls.</param>
/// <param name="SyllablesPerSecond">Speed of speech.</param>
/// <param name="Brightness">Where the spectrum starts to fall, over the speaker's usual frequency.</param>
/// <param name="GainDecibels">Loudness over the speaker's usual one.</param>
/// <param name="Breath">Added share of breath noise.</param>
/// <param name="Creak">How much weaker every second glottal pulse is, 0 to 1.</param>
/// <param name="Roughness">Random change of each glottal pulse's length and strength, a fraction.</param>
internal readonly record struct VoiceStyle(
    double Pitch,
    double RangeSemitones,
    double ContourSemitones,
    double SyllablesPerSecond,
    double Brightness,
    double GainDecibels,
    double Breath,
    double Creak,
    double Roughness)
{
    /// <summary>The full style of a sound.</summary>
    public static VoiceStyle Of(Sound sound) => sound switch
    {
        Sound.Lively => new(1.55, 5, 5, 5.4, 2.5, 1, 0.03, 0, 0.01),
        Sound.Pressed => new(1.15, 1.5, -2, 5.6, 6, 4, 0, 0, 0.2),
        Sound.Creaky => new(0.65, 0.5, -2, 2.9, 0.8, 0, 0.02, 0.9, 0.03),
        Sound.Breathy => new(1.0, 1, -4, 3.4, 0.9, -3, 0.75, 0, 0.01),
        _ => new(1.0, 1.2, -1.5, 4.2, 1, 0, 0, 0, 0.01),
    };

    /// <summary>The style that speech has at a moment.</summary>
    /// <param name="episodes">What is expressed.</param>
    /// <param name="seconds">The time.</param>
    public static VoiceStyle At(ImmutableArray<Episode> episodes, double seconds)
    {
        var blend = EpisodeBlend.OfSound(episodes, seconds);
        return Full(blend.From).Towards(Full(blend.To), blend.Weight);
    }

    private static VoiceStyle Full(Episode episode) => Of(Sound.Plain).Towards(Of(ExpressionCues.Sounds[(int)episode.Expression]), episode.SoundIntensity);

    private VoiceStyle Towards(VoiceStyle other, double share)
    {
        double Mix(double a, double b) => a + (share * (b - a));
        return new(
            Mix(Pitch, other.Pitch),
            Mix(RangeSemitones, other.RangeSemitones),
            Mix(ContourSemitones, other.ContourSemitones),
            Mix(SyllablesPerSecond, other.SyllablesPerSecond),
            Mix(Brightness, other.Brightness),
            Mix(GainDecibels, other.GainDecibels),
            Mix(Breath, other.Breath),
            Mix(Creak, other.Creak),
            Mix(Roughness, other.Roughness));
    }
}
