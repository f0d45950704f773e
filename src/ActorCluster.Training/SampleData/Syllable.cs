namespace ActorCluster.Training.SampleData;

/// <summary>One syllable of made-up speech.</summary>
/// <param name="Start">Seconds from the video's start.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Vowel">Which vowel, an index of <see cref="VoiceSynthesizer"/>'s table.</param>
/// <param name="Stress">Its loudness and opening of the mouth, around 1.</param>
/// <param name="Hiss">Whether it begins with a fricative.</param>
/// <param name="PhrasePosition">Where it is in its phrase, 0 at the start and 1 at the end.</param>
internal readonly record struct Syllable(double Start, double Seconds, int Vowel, double Stress, bool Hiss, double PhrasePosition)
{
    /// <summary>Its end in seconds.</summary>
    public double End => Start + Seconds;

    /// <summary>How far the mouth is open for it, 0 to 1.</summary>
    /// <param name="seconds">The time.</param>
    public double OpeningAt(double seconds)
    {
        var at = (seconds - Start) / Seconds;
        return at is > 0 and < 1 ? Math.Sin(Math.PI * at) * VoiceSynthesizer.OpeningOf(Vowel) * Stress : 0;
    }
}
