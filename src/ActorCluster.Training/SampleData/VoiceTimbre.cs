namespace ActorCluster.Training.SampleData;

/// <summary>What stays of a voice, whatever it expresses.</summary>
/// <param name="Pitch">The usual fundamental frequency in Hz.</param>
/// <param name="FormantScale">Formant frequencies over an average speaker's: a short vocal tract raises them.</param>
/// <param name="Tempo">Syllables a second over an average speaker's.</param>
/// <param name="TiltHertz">Where the voice's spectrum starts to fall, in Hz.</param>
/// <param name="Gain">Loudness over an average recording's.</param>
/// <param name="Breath">The share of breath noise in ordinary speech.</param>
internal sealed record VoiceTimbre(double Pitch, double FormantScale, double Tempo, double TiltHertz, double Gain, double Breath)
{
    /// <summary>Draws a voice.</summary>
    /// <param name="random">Where it comes from.</param>
    /// <param name="deep">Whether it is a deep one.</param>
    public static VoiceTimbre Draw(SeededRandom random, bool deep) => new(
        deep ? random.Uniform(90, 140) : random.Uniform(165, 240),
        deep ? random.Uniform(0.92, 1.04) : random.Uniform(1.08, 1.22),
        random.Uniform(0.88, 1.12),
        random.Uniform(800, 1200),
        Math.Pow(10, random.Uniform(-3, 3) / 20),
        random.Uniform(0.02, 0.08));
}
