namespace ActorCluster.Models.Beit;

/// <summary>
/// Which row of a relative position table biases which pair of tokens (BEiT, Bao et al. 2021, https://arxiv.org/abs/2106.08254; the class token's
/// three rows are transformers').
/// </summary>
internal static class RelativePositions
{
    /// <summary>The rows for a square of patches.</summary>
    /// <param name="side">Patches along a side.</param>
    /// <returns>
    /// <c>[N, N]</c>, query before key, N = 1 + <paramref name="side"/>². For query patch (yi, xi) and key patch (yj, xj):
    /// (yi - yj + side - 1) (2 side - 1) + (xi - xj + side - 1); the last three rows are class to patch, patch to class, class to class.
    /// </returns>
    public static long[] Index(int side)
    {
        var span = (2 * side) - 1;
        var classRows = (long)span * span;
        var tokens = (side * side) + 1;
        var index = new long[tokens * tokens];
        index.AsSpan(0, tokens).Fill(classRows);
        for (var query = 1; query < tokens; query++)
        {
            var row = index.AsSpan(query * tokens, tokens);
            row[0] = classRows + 1;
            var (yi, xi) = Math.DivRem(query - 1, side);
            for (var key = 1; key < tokens; key++)
            {
                var (yj, xj) = Math.DivRem(key - 1, side);
                row[key] = ((yi - yj + side - 1) * span) + (xi - xj + side - 1);
            }
        }

        index[0] = classRows + 2;
        return index;
    }
}
