namespace ActorCluster.Core.Voting;

/// <summary>
/// Rounds probabilities to whole millionths that sum to exactly one million, by the largest remainder (Hamilton's) method: every value is first rounded
/// down, then the units left over go to the largest remainders, ties to the lowest class index.
/// </summary>
internal static class Quantisation
{
    /// <summary>Millionths in a probability of 1.</summary>
    public const int UnitsInOne = 1_000_000;

    /// <summary>Quantises one row and finds its class.</summary>
    /// <param name="row">Non-negative finite weights, [8], with a sum greater than 0; they need not sum to 1.</param>
    /// <param name="units">Receives the millionths, [8].</param>
    /// <returns>
    /// The index of the highest weight, the lowest index on ties. It is also that of the units: where rounding would lift another class to its height, a
    /// unit is moved back to it.
    /// </returns>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or all are 0.</exception>
    public static int Quantise(ReadOnlySpan<double> row, Span<int> units)
    {
        var sum = 0.0;
        foreach (var weight in row)
        {
            sum += weight >= 0 ? weight : double.NaN;
        }

        if (!(sum > 0) || !double.IsFinite(sum))
        {
            throw new ArgumentException($"The weights [{string.Join(", ", row.ToArray())}] are not those of a probability distribution.", nameof(row));
        }

        Span<double> remainders = stackalloc double[row.Length];
        var left = UnitsInOne;
        for (var k = 0; k < row.Length; k++)
        {
            var exact = row[k] / sum * UnitsInOne;
            units[k] = (int)exact;
            remainders[k] = exact - units[k];
            left -= units[k];
        }

        for (; left > 0; left--)
        {
            var k = IndexOfHighest(remainders);
            units[k]++;
            remainders[k] = -1;
        }

        var highest = IndexOfHighest(row);
        for (int now; (now = IndexOfHighest(units)) != highest;)
        {
            units[now]--;
            units[highest]++;
        }

        return highest;
    }

    /// <summary>The index of the highest value, the lowest index on ties.</summary>
    public static int IndexOfHighest<T>(ReadOnlySpan<T> values)
        where T : IComparable<T>
    {
        var highest = 0;
        for (var k = 1; k < values.Length; k++)
        {
            if (values[k].CompareTo(values[highest]) > 0)
            {
                highest = k;
            }
        }

        return highest;
    }
}
