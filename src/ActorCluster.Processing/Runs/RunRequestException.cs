using System.Collections.Immutable;

namespace ActorCluster.Processing.Runs;

/// <summary>What a user asked for cannot be: there is no such pipeline, run or video, it is wrong, or the run is in no state for it.</summary>
/// <param name="message">What is wrong, as a sentence, and what is possible.</param>
/// <param name="inner">The exception behind it, if any.</param>
/// <param name="nearest">Names like the one that was not found.</param>
public sealed class RunRequestException(string message, Exception? inner = null, ImmutableArray<string> nearest = default) : Exception(message, inner)
{
    /// <summary>Names like the one that was not found.</summary>
    public ImmutableArray<string> Nearest { get; } = nearest.IsDefault ? [] : nearest;
}
