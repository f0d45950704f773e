using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>The tokens of an audio track, read segment by segment as they are asked for in rising order; two segments are held at a time.</summary>
/// <param name="read">Reads a segment.</param>
/// <param name="segments">How many segments the track has.</param>
/// <param name="tokensPerSegment">Tokens of every segment but the last.</param>
/// <param name="width">The length D of a token's features.</param>
internal sealed class TokenWindow(Func<int, AudioTokens> read, int segments, int tokensPerSegment, int width)
{
    private readonly Dictionary<int, AudioTokens> _held = [];
    private readonly float[] _sum = new float[width];

    /// <summary>The mean of consecutive tokens, summed in order in float32 and rounded.</summary>
    /// <param name="first">The first token.</param>
    /// <param name="end">The token after the last.</param>
    /// <param name="mean">Receives the mean, [D].</param>
    /// <returns>False if the track has none of these tokens.</returns>
    public bool TryMean(long first, long end, Span<Half> mean)
    {
        Array.Clear(_sum);
        var count = 0;
        for (var token = first; token < end; token++)
        {
            var segment = Segment((int)(token / tokensPerSegment));
            if (segment is null || token - segment.FirstToken >= segment.Count)
            {
                break;
            }

            var row = segment.Features.AsSpan((int)(token - segment.FirstToken) * width, width);
            for (var k = 0; k < width; k++)
            {
                _sum[k] += (float)row[k];
            }

            count++;
        }

        for (var k = 0; k < width && count > 0; k++)
        {
            mean[k] = (Half)(_sum[k] / count);
        }

        return count > 0;
    }

    /// <summary>A segment; null behind the track's last.</summary>
    private AudioTokens? Segment(int index)
    {
        if (_held.TryGetValue(index, out var segment))
        {
            return segment;
        }

        if (index >= segments)
        {
            return null;
        }

        foreach (var old in _held.Keys.Where(k => k < index - 1).ToList())
        {
            _held.Remove(old);
        }

        segment = read(index);
        if (segment.Width != width || segment.FirstToken != (long)index * tokensPerSegment)
        {
            throw new FeatureFileException($"audio-{index:D6}", $"It has tokens of width {segment.Width} from {segment.FirstToken} on where width {width} from {(long)index * tokensPerSegment} on belongs.");
        }

        _held.Add(index, segment);
        return segment;
    }
}
