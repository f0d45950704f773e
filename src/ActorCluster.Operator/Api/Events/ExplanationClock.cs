using System.Diagnostics;

namespace ActorCluster.Operator;

/// <summary>Says when it is time to explain again: words that change every second are read by nobody.</summary>
internal sealed class ExplanationClock
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private long _lastAt;

    /// <summary>Whether it is time; it then counts as done.</summary>
    public bool IsDue()
    {
        if (_lastAt != 0 && Stopwatch.GetElapsedTime(_lastAt) < Every)
        {
            return false;
        }

        _lastAt = Stopwatch.GetTimestamp();
        return true;
    }
}
