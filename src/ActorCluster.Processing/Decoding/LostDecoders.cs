using System.Collections.Concurrent;

namespace ActorCluster.Processing.Decoding;

/// <summary>Decoders that have failed this node lately: it asks them for nothing for a while and decodes itself.</summary>
internal sealed class LostDecoders(TimeProvider clock)
{
    /// <summary>How long a decoder is left alone.</summary>
    public static readonly TimeSpan For = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _lost = new();

    /// <summary>Whether a decoder is left alone.</summary>
    public bool Has(string decoder) => _lost.TryGetValue(decoder, out var at) && clock.GetElapsedTime(at) < For;

    /// <summary>A decoder has failed this node.</summary>
    public void Add(string decoder) => _lost[decoder] = clock.GetTimestamp();
}
