using System.Diagnostics;

namespace ActorCluster.Processing.Telemetry;

/// <summary>
/// The spans of a chunk's way: <c>chunk</c> (its start is stored), below it <c>work</c> (a node has it), below that <c>decode</c>, <c>encode</c> and
/// <c>store</c>, and <c>fuse</c> and below it <c>vote</c>. A span's id travels in messages as W3C's traceparent, an empty text where nobody traces. None of
/// them stays the current activity of its thread: actors have none of their own.
/// </summary>
internal static class ChunkSpans
{
    private static readonly ActivitySource Source = new(TelemetrySource.Name);

    /// <summary>Begins a trace; null when nobody traces.</summary>
    public static Activity? Begin(string name) => Source.HasListeners() ? Start(name, default) : null;

    /// <summary>Begins a span below another one, here or on another node; null when that was not traced.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="parent">The other's id; empty or null for none.</param>
    public static Activity? Below(string? parent, string name) =>
        !string.IsNullOrEmpty(parent) && ActivityContext.TryParse(parent, null, isRemote: true, out var context) ? Start(name, context) : null;

    private static Activity? Start(string name, ActivityContext parent)
    {
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            return Source.StartActivity(name, ActivityKind.Internal, parent);
        }
        finally
        {
            Activity.Current = current;
        }
    }
}
