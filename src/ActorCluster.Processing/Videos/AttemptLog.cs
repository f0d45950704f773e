using System.Collections.Immutable;

namespace ActorCluster.Processing.Videos;

/// <summary>The attempts at a video's units, in the order of their starts: what is left for operators when the video's events are gone.</summary>
internal static class AttemptLog
{
    /// <summary>The most attempts that are kept once a video has ended.</summary>
    public const int MostKept = 2_000;

    /// <summary>An attempt begins.</summary>
    public static ImmutableArray<UnitAttempt> Begun(this ImmutableArray<UnitAttempt> attempts, int unit, int attempt, string node, long at) =>
        attempts.Add(new UnitAttempt(unit, attempt, node, at, 0, AttemptEnd.Running, ""));

    /// <summary>The unit's attempt has got further, or has ended. Nothing changes where none is at work.</summary>
    public static ImmutableArray<UnitAttempt> Ended(this ImmutableArray<UnitAttempt> attempts, int unit, long at, AttemptEnd end, string cause = "")
    {
        for (var i = attempts.Length - 1; i >= 0; i--)
        {
            if (attempts[i].Unit == unit)
            {
                return attempts[i].End != AttemptEnd.Running
                    ? attempts
                    : attempts.SetItem(i, attempts[i] with { EndedAt = at, End = end, Cause = cause.Length <= UnitAttempt.LongestCause ? cause : cause[..UnitAttempt.LongestCause] });
            }
        }

        return attempts;
    }

    /// <summary>At most <see cref="MostKept"/> of them: those that did not succeed go before those that did, and long ones before short ones.</summary>
    public static ImmutableArray<UnitAttempt> Reduced(this ImmutableArray<UnitAttempt> attempts) => attempts.Length <= MostKept
        ? attempts
        : [.. attempts.OrderBy(a => a.End == AttemptEnd.Encoded).ThenByDescending(a => a.Seconds).Take(MostKept).OrderBy(a => a.StartedAt).ThenBy(a => a.Unit)];
}
