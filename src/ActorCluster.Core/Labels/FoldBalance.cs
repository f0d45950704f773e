namespace ActorCluster.Core.Labels;

/// <summary>Finds an assignment of groups to folds in which each fold has about the same share of everything.</summary>
/// <param name="groups">The share of each group, [groups][kinds]; each kind sums to 1 or 0.</param>
/// <param name="count">The number of folds, at most that of groups.</param>
internal sealed class FoldBalance(double[][] groups, int count)
{
    private const int MostPasses = 20;

    // Below it, an improvement is rounding, and two assignments could take turns for ever.
    private const double LeastGain = 1e-12;

    private readonly double[][] folds = [.. Enumerable.Range(0, count).Select(_ => new double[groups[0].Length])];
    private readonly int[] sizes = new int[count];
    private readonly int[] foldOf = new int[groups.Length];

    /// <summary>Assigns the groups.</summary>
    /// <returns>The fold of each group, [groups]; no fold is empty.</returns>
    public int[] Assign()
    {
        Place();
        for (var pass = 0; pass < MostPasses && (Move() | Swap()); pass++)
        {
        }

        return foldOf;
    }

    private void Place()
    {
        var left = groups.Length;
        foreach (var g in Enumerable.Range(0, groups.Length).OrderByDescending(g => groups[g].Max()).ThenBy(g => g))
        {
            var mustFill = sizes.Count(s => s == 0) == left--;
            var best = Enumerable.Range(0, count).Where(f => !mustFill || sizes[f] == 0).MinBy(f => CostOfChange(f, groups[g], null));
            Put(g, best);
        }
    }

    private bool Move()
    {
        var moved = false;
        for (var g = 0; g < groups.Length; g++)
        {
            var from = foldOf[g];
            for (var to = 0; to < count && sizes[from] > 1; to++)
            {
                if (to != from && CostOfChange(from, null, groups[g]) + CostOfChange(to, groups[g], null) < -LeastGain)
                {
                    Take(g);
                    Put(g, to);
                    moved = true;
                    break;
                }
            }
        }

        return moved;
    }

    private bool Swap()
    {
        var swapped = false;
        for (var a = 0; a < groups.Length; a++)
        {
            for (var b = a + 1; b < groups.Length; b++)
            {
                var (foldA, foldB) = (foldOf[a], foldOf[b]);
                if (foldA != foldB && CostOfChange(foldA, groups[b], groups[a]) + CostOfChange(foldB, groups[a], groups[b]) < -LeastGain)
                {
                    Take(a);
                    Take(b);
                    Put(a, foldB);
                    Put(b, foldA);
                    swapped = true;
                }
            }
        }

        return swapped;
    }

    /// <summary>By how much the sum of squares of a fold changes when one group comes and another goes. The sum of all shares is fixed, so squares alone tell the deviation.</summary>
    private double CostOfChange(int fold, double[]? comes, double[]? goes)
    {
        var change = 0.0;
        for (var k = 0; k < folds[fold].Length; k++)
        {
            var now = folds[fold][k];
            var then = now + (comes?[k] ?? 0) - (goes?[k] ?? 0);
            change += (then * then) - (now * now);
        }

        return change;
    }

    private void Put(int group, int fold)
    {
        foldOf[group] = fold;
        sizes[fold]++;
        for (var k = 0; k < groups[group].Length; k++)
        {
            folds[fold][k] += groups[group][k];
        }
    }

    private void Take(int group)
    {
        var fold = foldOf[group];
        sizes[fold]--;
        for (var k = 0; k < groups[group].Length; k++)
        {
            folds[fold][k] -= groups[group][k];
        }
    }
}
