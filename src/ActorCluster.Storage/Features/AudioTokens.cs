namespace ActorCluster.Storage;

/// <summary>What the audio encoder made of one segment of a track.</summary>
public sealed record AudioTokens
{
    /// <summary>Makes the segment from its rows, which are not copied.</summary>
    /// <param name="firstToken">The first row's place in the track: row r covers 25 ms around 0.02 (first + r) + 0.0125 s after the first frame.</param>
    /// <param name="features">Feature vectors, [m, <paramref name="width"/>].</param>
    /// <param name="width">The length D of a feature vector, at least 1.</param>
    /// <exception cref="ArgumentException">The numbers do not agree.</exception>
    public AudioTokens(long firstToken, Half[] features, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstToken);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (features.Length % width != 0)
        {
            throw new ArgumentException($"{features.Length} values are no rows of width {width}.", nameof(features));
        }

        FirstToken = firstToken;
        Features = features;
        Width = width;
    }

    /// <summary>The first row's place in the track.</summary>
    public long FirstToken { get; }

    /// <summary>Feature vectors, [m, D].</summary>
    public Half[] Features { get; }

    /// <summary>The length D of a feature vector.</summary>
    public int Width { get; }

    /// <summary>The number m of tokens.</summary>
    public int Count => Features.Length / Width;
}
