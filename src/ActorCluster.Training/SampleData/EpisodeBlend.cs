using System.Collections.Immutable;

namespace ActorCluster.Training.SampleData;

/// <summary>Two episodes and how far the way from the first to the second is gone: what a face or a voice is doing at one moment.</summary>
/// <param name="From">The episode before; the same as <paramref name="To"/> at the start.</param>
/// <param name="To">The episode that comes or is.</param>
/// <param name="Weight">0 all of the first, 1 all of the second.</param>
internal readonly record struct EpisodeBlend(Episode From, Episode To, double Weight)
{
    /// <summary>What the face is doing.</summary>
    public static EpisodeBlend OfLook(ImmutableArray<Episode> episodes, double seconds) => At(episodes, seconds, e => e.LookStart);

    /// <summary>What the voice is doing.</summary>
    public static EpisodeBlend OfSound(ImmutableArray<Episode> episodes, double seconds) => At(episodes, seconds, e => e.SoundStart);

    /// <summary>The look that an observer sees: the stronger of the two, plain if neither is visible.</summary>
    public Look VisibleLook() => Stronger(
        ExpressionCues.Looks[(int)From.Expression], From.LookIntensity, ExpressionCues.Looks[(int)To.Expression], To.LookIntensity, Look.Plain);

    /// <summary>The sound that an observer hears: the stronger of the two, plain if neither is audible.</summary>
    public Sound AudibleSound() => Stronger(
        ExpressionCues.Sounds[(int)From.Expression], From.SoundIntensity, ExpressionCues.Sounds[(int)To.Expression], To.SoundIntensity, Sound.Plain);

    private static EpisodeBlend At(ImmutableArray<Episode> episodes, double seconds, Func<Episode, double> start)
    {
        for (var i = episodes.Length - 1; i > 0; i--)
        {
            var (to, ramp) = (episodes[i], episodes[i].RampSeconds);
            var way = (seconds - (start(to) - (ramp / 2))) / ramp;
            if (way > 0)
            {
                var x = Math.Min(way, 1);
                return new EpisodeBlend(episodes[i - 1], to, x * x * (3 - (2 * x)));
            }
        }

        return new EpisodeBlend(episodes[0], episodes[0], 1);
    }

    private T Stronger<T>(T from, double fromIntensity, T to, double toIntensity, T plain)
        where T : struct, Enum
    {
        var (first, second) = ((1 - Weight) * fromIntensity, Weight * toIntensity);
        if (from.Equals(to))
        {
            return first + second >= ExpressionCues.Visible ? to : plain;
        }

        // Nothing is shown of a plain cue, so it is never the stronger one.
        first = from.Equals(plain) ? 0 : first;
        second = to.Equals(plain) ? 0 : second;
        return Math.Max(first, second) < ExpressionCues.Visible ? plain : second >= first ? to : from;
    }
}
