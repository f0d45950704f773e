using System.Collections.Immutable;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Scoring;
using ActorCluster.Core.Windows;

namespace ActorCluster.Training;

/// <summary>
/// The order in which an epoch goes through the training windows: every window with at least one labelled frame once, shuffled (Fisher and Yates, in Durstenfeld's
/// form) by seed and epoch alone. So epoch and step are the sampler's whole state.
/// </summary>
internal sealed class WindowSampler
{
    private readonly ImmutableArray<(int Video, FrameWindow Window)> _windows;
    private readonly long _seed;
    private readonly int[] _order;
    private int _epoch = -1;

    /// <summary>Lists the windows of videos.</summary>
    /// <param name="videos">The videos.</param>
    /// <param name="settings">Window length and stride.</param>
    /// <param name="batch">Windows per step, at least 1.</param>
    /// <param name="seed">Decides the order.</param>
    public WindowSampler(ImmutableArray<TrainingVideo> videos, WindowSettings settings, int batch, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        (Batch, _seed) = (batch, seed);
        var windows = ImmutableArray.CreateBuilder<(int, FrameWindow)>();
        for (var v = 0; v < videos.Length; v++)
        {
            var plan = new WindowPlan(videos[v].Features.Count, settings);
            for (var w = 0; w < plan.Count; w++)
            {
                var window = plan[w];
                if (videos[v].Labels.AsSpan(window.Start, window.Length).ContainsAnyInRange<sbyte>(0, sbyte.MaxValue))
                {
                    windows.Add((v, window));
                }
                else
                {
                    Unlabelled++;
                }
            }
        }

        _windows = windows.DrainToImmutable();
        _order = new int[_windows.Length];
    }

    /// <summary>Windows per step.</summary>
    public int Batch { get; }

    /// <summary>The number of windows of an epoch.</summary>
    public int Windows => _windows.Length;

    /// <summary>Windows that are left out for want of a label.</summary>
    public int Unlabelled { get; }

    /// <summary>Steps of an epoch; the last one may have fewer windows.</summary>
    public int Steps => (_windows.Length + Batch - 1) / Batch;

    /// <summary>The windows of a step.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">The step, from 0.</param>
    /// <returns>The index of each window's video, and the window.</returns>
    public IEnumerable<(int Video, FrameWindow Window)> At(int epoch, int step)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Steps);
        Shuffle(epoch);
        return _order.Skip(step * Batch).Take(Batch).Select(i => _windows[i]);
    }

    private void Shuffle(int epoch)
    {
        if (epoch == _epoch)
        {
            return;
        }

        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        var random = new SplitMix64(RandomStream.Seed(_seed, RandomStream.Use.Order, epoch));
        for (var i = _order.Length - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }

        _epoch = epoch;
    }
}
