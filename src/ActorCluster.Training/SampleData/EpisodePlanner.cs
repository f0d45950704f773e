using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Labels;

namespace ActorCluster.Training.SampleData;

/// <summary>
/// Draws the episodes of one split's videos, one video after the other: a semi-Markov sequence whose next class is mostly the one that lags
/// farthest behind its share. So every split has every class after a few minutes, which independent draws would not give for a class of 1.6 %.
/// </summary>
internal sealed class EpisodePlanner
{
    // In units of an episode: how far chance overrules the lag.
    private const double Noise = 0.35;

    private readonly SeededRandom _random;
    private readonly double[] _lag = new double[Expressions.Count];

    public EpisodePlanner(ulong seed, DatasetSplit split)
    {
        _random = SeededRandom.For(seed, "episodes", (int)split);
        for (var c = 0; c < _lag.Length; c++)
        {
            _lag[c] = _random.Uniform(0, 0.4) * ExpressionCues.MeanSeconds[c];
        }
    }

    /// <summary>The next video's episodes, the first one from 0 on.</summary>
    /// <param name="seconds">The video's length.</param>
    public ImmutableArray<Episode> Next(double seconds)
    {
        var episodes = ImmutableArray.CreateBuilder<Episode>();
        int? before = null;
        for (var start = 0.0; start < seconds;)
        {
            var expression = Choose(before);
            var mean = ExpressionCues.MeanSeconds[expression];
            var length = Math.Max(ExpressionCues.ShortestEpisode, mean * Math.Exp(0.3 * _random.Gaussian()));

            // A remainder too short to be an episode belongs to the last one.
            var end = seconds - (start + length) < ExpressionCues.ShortestEpisode ? seconds : start + length;
            episodes.Add(Draw((Expression)expression, start));
            for (var c = 0; c < _lag.Length; c++)
            {
                _lag[c] += (ExpressionCues.Shares[c] - (c == expression ? 1 : 0)) * (end - start);
            }

            (before, start) = (expression, end);
        }

        return episodes.ToImmutable();
    }

    private int Choose(int? before)
    {
        var (best, bestLag) = (-1, double.NegativeInfinity);
        for (var c = 0; c < _lag.Length; c++)
        {
            var lag = (_lag[c] / ExpressionCues.MeanSeconds[c]) + _random.Uniform(-Noise, Noise);
            if (c != before && lag > bestLag)
            {
                (best, bestLag) = (c, lag);
            }
        }

        return best;
    }

    private Episode Draw(Expression expression, double start)
    {
        var ramp = _random.Uniform(0.2, 0.6);
        var weakLook = _random.Chance(ExpressionCues.WeakLook);
        var weakSound = _random.Chance(ExpressionCues.WeakSound);
        return new Episode(
            expression,
            start,
            LookStart: start == 0 ? double.NegativeInfinity : start + Math.Clamp(0.06 * _random.Gaussian(), -0.15, 0.15),
            SoundStart: start == 0 ? double.NegativeInfinity : start + Math.Clamp(0.05 + (0.06 * _random.Gaussian()), -0.1, 0.2),
            ramp,
            LookIntensity: weakLook ? _random.Uniform(0.02, 0.15) : _random.Uniform(0.7, 1),
            SoundIntensity: weakSound ? _random.Uniform(0.02, 0.15) : _random.Uniform(0.75, 1),
            AmbiguousSeconds: start > 0 && _random.Chance(0.2) ? ramp / 2 : 0);
    }
}
