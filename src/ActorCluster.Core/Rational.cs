namespace ActorCluster.Core;

/// <summary>An exact fraction, used for time bases: one tick of a stream lasts <see cref="Numerator"/>/<see cref="Denominator"/> seconds.</summary>
/// <param name="Numerator">The numerator, greater than 0 for a time base.</param>
/// <param name="Denominator">The denominator, greater than 0.</param>
public readonly record struct Rational(long Numerator, long Denominator)
{
    /// <summary>Seconds that <paramref name="ticks"/> ticks of this time base last.</summary>
    public double ToSeconds(long ticks) => (double)((decimal)ticks * Numerator / Denominator);

    /// <summary>The number of whole ticks in <paramref name="seconds"/>, rounded to the nearest.</summary>
    public long ToTicks(double seconds) => (long)Math.Round((decimal)seconds * Denominator / Numerator, MidpointRounding.AwayFromZero);

    /// <summary>Reads <c>num/den</c>, as ffprobe writes fractions; a denominator of 0 is refused.</summary>
    public static bool TryParse(string? text, out Rational value)
    {
        value = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash <= 0 || !long.TryParse(text.AsSpan(0, slash), out var num) || !long.TryParse(text.AsSpan(slash + 1), out var den) || den <= 0)
        {
            return false;
        }

        value = new Rational(num, den);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Numerator}/{Denominator}";
}
