namespace ActorCluster.Processing.Control;

/// <summary>Amounts of several kinds that came in the last seconds, kept in parts of half a second. For one thread at a time.</summary>
/// <param name="clock">The clock.</param>
/// <param name="seconds">How far back it looks: the part that runs and those before it.</param>
/// <param name="kinds">How many kinds there are.</param>
internal sealed class SlidingWindow(TimeProvider clock, int seconds, int kinds)
{
    private const double PartSeconds = 0.5;

    private readonly long _origin = clock.GetTimestamp();
    private readonly long[] _numbers = new long[(int)(seconds / PartSeconds)];
    private readonly double[] _amounts = new double[(int)(seconds / PartSeconds) * kinds];
    private double _at;

    private double Now => clock.GetElapsedTime(_origin).TotalSeconds;

    /// <summary>Books the time since this was last called.</summary>
    /// <param name="shares">The share of it that goes to each kind, [kinds].</param>
    public void Spend(ReadOnlySpan<double> shares)
    {
        var now = Now;
        _at = Math.Max(_at, now - seconds); // Older parts no longer count.
        while (_at < now)
        {
            var number = (long)(_at / PartSeconds);
            var end = Math.Min(now, (number + 1) * PartSeconds);
            var part = Part(number);
            for (var kind = 0; kind < kinds; kind++)
            {
                part[kind] += shares[kind] * (end - _at);
            }

            _at = end > _at ? end : now;
        }
    }

    /// <summary>Adds what comes at a moment, and not over a time.</summary>
    /// <param name="amounts">The amount of each kind, [kinds].</param>
    public void Add(ReadOnlySpan<double> amounts)
    {
        var part = Part((long)(Now / PartSeconds));
        for (var kind = 0; kind < kinds; kind++)
        {
            part[kind] += amounts[kind];
        }
    }

    /// <summary>The amount of each kind in the window, [kinds]; of time, the seconds.</summary>
    public double[] Sums()
    {
        var sums = new double[kinds];
        var first = (long)(Now / PartSeconds) - _numbers.Length + 1;
        for (var part = 0; part < _numbers.Length; part++)
        {
            for (var kind = 0; kind < kinds && _numbers[part] >= first; kind++)
            {
                sums[kind] += _amounts[(part * kinds) + kind];
            }
        }

        return sums;
    }

    /// <summary>A part's amounts; what an older one has left in its place goes.</summary>
    private Span<double> Part(long number)
    {
        var place = (int)(number % _numbers.Length);
        var part = _amounts.AsSpan(place * kinds, kinds);
        if (_numbers[place] != number)
        {
            _numbers[place] = number;
            part.Clear();
        }

        return part;
    }
}
