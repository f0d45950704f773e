using System.Collections.Immutable;

namespace ActorCluster.Core.Formats;

/// <summary>Finds what was probably meant by a name that does not exist.</summary>
public static class NearestNames
{
    private const int LongestCompared = 100;

    /// <summary>
    /// The known names that are at most a third of the name's characters away from it (two at least), the nearest first. The distance counts characters that are
    /// inserted, deleted, replaced or swapped with their neighbour (optimal string alignment), letters regardless of case.
    /// </summary>
    /// <param name="name">What was given.</param>
    /// <param name="known">What there is.</param>
    /// <param name="most">How many are wanted at most.</param>
    public static ImmutableArray<string> Find(string name, IEnumerable<string> known, int most = 1)
    {
        if (name.Length > LongestCompared)
        {
            return [];
        }

        var limit = Math.Max(2, name.Length / 3);
        return
        [
            .. known.Where(k => Math.Abs(k.Length - name.Length) <= limit)
                .Select(k => (Name: k, Distance: Distance(name.ToLowerInvariant(), k.ToLowerInvariant())))
                .Where(k => k.Distance <= limit && k.Distance < name.Length)
                .OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal)
                .Take(most)
                .Select(k => k.Name),
        ];
    }

    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], 1 + rows[i - 2, j - 2]);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
