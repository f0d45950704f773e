using ActorCluster.Core.Audio;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// Cuts a track into the segments of its grid while its samples come in. It holds no more than one segment with its context, and nothing at all of segments
/// that are stored already.
/// </summary>
internal sealed class SegmentCutter(SegmentGrid grid, long usefulSamples, int firstSegment)
{
    private readonly float[] _window = new float[grid.InputSamples];
    private long _windowStart = grid[firstSegment, long.MaxValue / 2].FirstSample;
    private int _held;
    private int _next = firstSegment;

    /// <summary>Samples read so far, as far as they count.</summary>
    public long Samples { get; private set; }

    /// <summary>Takes samples and hands on every segment that they complete.</summary>
    /// <param name="samples">The track's next samples.</param>
    /// <param name="cut">Takes a segment and its samples, which are valid during the call.</param>
    public void Add(ReadOnlySpan<float> samples, Action<AudioSegment, ReadOnlySpan<float>> cut)
    {
        samples = samples[..(int)Math.Min(samples.Length, usefulSamples - Samples)];
        while (!samples.IsEmpty)
        {
            if (Samples < _windowStart)
            {
                var skip = (int)Math.Min(samples.Length, _windowStart - Samples);
                Samples += skip;
                samples = samples[skip..];
                continue;
            }

            var take = (int)Math.Min(samples.Length, grid.EndOf(_next) - Samples);
            samples[..take].CopyTo(_window.AsSpan(_held));
            (_held, Samples) = (_held + take, Samples + take);
            samples = samples[take..];
            if (Samples == grid.EndOf(_next))
            {
                Cut(grid.EndOf(_next), cut);
            }
        }
    }

    /// <summary>The track has ended: hands on what is left.</summary>
    /// <param name="count">How many segments the track has.</param>
    /// <param name="cut">Takes a segment and its samples.</param>
    public void Finish(int count, Action<AudioSegment, ReadOnlySpan<float>> cut)
    {
        while (_next < count)
        {
            Cut(Samples, cut);
        }
    }

    private void Cut(long known, Action<AudioSegment, ReadOnlySpan<float>> cut)
    {
        cut(grid[_next, known], _window.AsSpan(0, _held));
        _next++;
        var start = grid[_next, long.MaxValue / 2].FirstSample;
        var drop = (int)Math.Min(start - _windowStart, _held);
        _window.AsSpan(drop, _held - drop).CopyTo(_window);
        (_held, _windowStart) = (_held - drop, start);
    }
}
