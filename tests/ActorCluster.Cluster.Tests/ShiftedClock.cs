using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorCluster.Cluster.Tests;

/// <summary>A wall clock of its own for a node and its children, by libfaketime; the monotonic clock stays everyone's, as on a real machine.</summary>
internal static partial class ShiftedClock
{
    /// <summary>What becomes a program whose clock is off.</summary>
    /// <param name="hours">By how much.</param>
    public static string[] Within(int hours) =>
    [
        "env", $"LD_PRELOAD={Library}", string.Create(CultureInfo.InvariantCulture, $"FAKETIME={hours:+0;-0}h"), "FAKETIME_DONT_FAKE_MONOTONIC=1",
        // A file tells the same times to everyone.
        "NO_FAKE_STAT=1",
        // Its remedy for older C libraries takes waits by the monotonic clock for such by the wall clock.
        "FAKETIME_FORCE_MONOTONIC_FIX=0",
    ];

    /// <summary>By how much the first line of a node's log was off when the node was started.</summary>
    public static TimeSpan OffsetIn(string log, DateTime started) => Timestamp().Match(log) is { Success: true } match
        ? DateTime.Parse(match.Value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) - started
        : throw new InvalidOperationException($"The log has no line with a time:\n{log}");

    private static string Library => Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", SearchOption.AllDirectories).FirstOrDefault()
        ?? throw new InvalidOperationException("libfaketime is missing: run tests/install.sh.");

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z", RegexOptions.Multiline)]
    private static partial Regex Timestamp();
}
