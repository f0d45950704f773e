namespace ActorCluster.Core.Audio;

/// <summary>
/// Measures the level of an audio track: the root mean square (RMS) of every hop of <see cref="HopSamples"/> samples, linear, 1 being a full-scale square
/// wave. Samples beyond ±1 are clipped, as playing them would; one that is not a number counts as silence. The result does not depend on the sizes
/// of the blocks that samples arrive in.
/// </summary>
public sealed class LevelMeter
{
    /// <summary>Samples per second.</summary>
    public const int SampleRate = 16_000;

    /// <summary>Samples per hop: 20 ms.</summary>
    public const int HopSamples = 320;

    private readonly List<float> levels = [];
    private double energy;
    private int samplesInHop;

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Mono samples at <see cref="SampleRate"/>, any number.</param>
    public void Add(ReadOnlySpan<float> samples)
    {
        foreach (var sample in samples)
        {
            var level = float.IsNaN(sample) ? 0.0 : Math.Clamp(sample, -1f, 1f);
            energy += level * level;
            if (++samplesInHop == HopSamples)
            {
                EndHop();
            }
        }
    }

    /// <summary>Ends the track: a hop that is not full is filled with silence.</summary>
    /// <returns>The RMS level of each hop, [hops], 0 to 1.</returns>
    public float[] Finish()
    {
        if (samplesInHop > 0)
        {
            EndHop();
        }

        return [.. levels];
    }

    private void EndHop()
    {
        levels.Add((float)Math.Sqrt(energy / HopSamples));
        energy = 0;
        samplesInHop = 0;
    }
}
