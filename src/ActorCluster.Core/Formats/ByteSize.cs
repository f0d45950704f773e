using System.Globalization;

namespace ActorCluster.Core.Formats;

/// <summary>Byte counts as people write them: <c>500M</c>, <c>20G</c>, <c>1.5T</c>; powers of 1024.</summary>
public static class ByteSize
{
    private const string Units = "KMGT";

    /// <summary>Reads a count.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var unit = text.Length == 0 ? -1 : Units.IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        var number = unit < 0 ? text : text[..^1];
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        value *= Math.Pow(1024, unit + 1);
        bytes = value < long.MaxValue ? (long)value : 0;
        return value < long.MaxValue;
    }

    /// <summary>A count in the unit that suits it.</summary>
    public static string Words(long bytes)
    {
        var (value, unit) = ((double)bytes, -1);
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return unit < 0 ? $"{bytes} B" : $"{value:0.#} {Units[unit]}iB";
    }
}
