using ActorCluster.Core.Pipelines;

namespace ActorCluster.Core.Audio;

/// <summary>Says for every frame of a video whether its audio track has sound around it.</summary>
public static class AudioPresence
{
    private const double HopSeconds = (double)LevelMeter.HopSamples / LevelMeter.SampleRate;

    /// <summary>
    /// A frame has audio when the RMS of the track over the window centred on its presentation time reaches the level: 20*log10(RMS) &gt;= level in dB, a
    /// full-scale square wave being 0 dB. Time outside the track counts as silence, and a hop that the window cuts counts by its share. Linear in
    /// the number of frames and hops.
    /// </summary>
    /// <param name="levels">
    /// The RMS level of each hop, [hops], 0 to 1, as <see cref="LevelMeter"/> measures them; hop k covers the seconds [0.02 k, 0.02 (k + 1)) after the first
    /// frame's time. Empty for a video without a track.
    /// </param>
    /// <param name="timeline">The video's frames.</param>
    /// <param name="settings">The window's width and the level.</param>
    /// <returns>One value per frame, [n].</returns>
    public static bool[] Find(ReadOnlySpan<float> levels, FrameTimeline timeline, AudioSettings settings)
    {
        // energies[k] is the energy, in hops at full scale, before hop k.
        var energies = new double[levels.Length + 1];
        for (var k = 0; k < levels.Length; k++)
        {
            energies[k + 1] = energies[k] + ((double)levels[k] * levels[k]);
        }

        var width = settings.PresenceWindowSeconds / HopSeconds;
        var needed = Math.Pow(10, settings.PresenceLevelDb / 10) * width;
        var present = new bool[timeline.Count];
        for (var frame = 0; frame < present.Length; frame++)
        {
            var centre = timeline.TimeBase.ToSeconds(timeline.Pts[frame] - timeline.Pts[0]) / HopSeconds;
            present[frame] = EnergyBefore(energies, centre + (width / 2)) - EnergyBefore(energies, centre - (width / 2)) >= needed;
        }

        return present;
    }

    /// <summary>The energy before a time given in hops, linear within a hop.</summary>
    private static double EnergyBefore(double[] energies, double hops)
    {
        var within = Math.Clamp(hops, 0, energies.Length - 1);
        var whole = Math.Min((int)within, energies.Length - 2);
        return whole < 0 ? 0 : energies[whole] + ((within - whole) * (energies[whole + 1] - energies[whole]));
    }
}
