using System.Diagnostics;

namespace ActorCluster.Processing.Telemetry;

/// <summary>One piece of work that is done for several chunks at once: a span in the trace of each, all with the same beginning and end.</summary>
internal sealed class SharedSpans : IDisposable
{
    /// <summary>Traces that one message names at most: 3.5 KB of ids.</summary>
    public const int Most = 64;

    private static readonly SharedSpans None = new([]);
    private readonly Activity[] _spans;

    private SharedSpans(Activity[] spans) => _spans = spans;

    /// <summary>The ids of the spans, with spaces between.</summary>
    public string Ids => _spans.Length == 0 ? "" : Join(_spans.Select(s => s.Id!));

    /// <summary>Begins one below each of some spans.</summary>
    /// <param name="parents">Their ids, as <see cref="Join"/> writes them; empty or null for none.</param>
    /// <param name="name">What is done.</param>
    public static SharedSpans Below(string? parents, string name) => string.IsNullOrEmpty(parents)
        ? None
        : new SharedSpans([.. parents.Split(' ').Select(p => ChunkSpans.Below(p, name)?.SetTag("actorcluster.chunks", parents.Count(c => c == ' ') + 1)).OfType<Activity>()]);

    /// <summary>Several ids as one text.</summary>
    public static string Join(IEnumerable<string> ids) => string.Join(' ', ids.Take(Most));

    /// <summary>The work has failed.</summary>
    /// <param name="stage">Where.</param>
    public void Failed(string stage)
    {
        foreach (var span in _spans)
        {
            span.SetStatus(ActivityStatusCode.Error, stage);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var span in _spans)
        {
            span.Dispose();
        }
    }
}
