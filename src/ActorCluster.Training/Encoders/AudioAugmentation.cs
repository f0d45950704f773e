namespace ActorCluster.Training.Encoders;

/// <summary>Varies sound as microphones and rooms do: louder or softer, with noise.</summary>
internal static class AudioAugmentation
{
    private const double NoiseRangeDb = 30;

    /// <summary>Varies one piece in place. The same generator gives the same result.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="settings">By how much.</param>
    /// <param name="random">The chance.</param>
    public static void Apply(Span<float> samples, AudioTrainingSettings settings, Random random)
    {
        var energy = 0.0;
        foreach (var sample in samples)
        {
            energy += (double)sample * sample;
        }

        var gain = Factor(((random.NextDouble() * 2) - 1) * settings.GainDb);
        var deviation = Math.Sqrt(energy / samples.Length) * Factor(-settings.NoiseDb - (random.NextDouble() * NoiseRangeDb));

        // Uniform noise of a width w has the deviation w / sqrt(12), and is as white as any.
        var width = (float)(deviation * Math.Sqrt(12));
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (float)gain * (samples[i] + (width * (random.NextSingle() - 0.5f)));
        }

        static double Factor(double decibels) => Math.Pow(10, decibels / 20);
    }
}
