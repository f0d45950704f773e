using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Videos;

/// <summary>One attempt at a unit of work.</summary>
/// <param name="Unit">The unit's index in its video.</param>
/// <param name="Attempt">How often it had been started, this time included.</param>
/// <param name="Node">The process that worked on it.</param>
/// <param name="StartedAt">When it was started, in UTC ticks.</param>
/// <param name="EndedAt">When it ended or last got further, in UTC ticks; 0 before.</param>
/// <param name="End">How it ended.</param>
/// <param name="Cause">Why it ended without a result, at most <see cref="LongestCause"/> characters; empty otherwise.</param>
public sealed record UnitAttempt(int Unit, int Attempt, string Node, long StartedAt, long EndedAt, AttemptEnd End, string Cause) : IWireMessage
{
    /// <summary>The most characters of a cause that are kept.</summary>
    public const int LongestCause = 160;

    /// <summary>How long it has taken so far, in seconds.</summary>
    public double Seconds => EndedAt == 0 ? 0 : TimeSpan.FromTicks(EndedAt - StartedAt).TotalSeconds;
}
