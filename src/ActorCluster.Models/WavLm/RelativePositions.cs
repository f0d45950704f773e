namespace ActorCluster.Models.WavLm;

/// <summary>
/// The buckets of relative positions, after T5 (Raffel et al. 2020, section 2.1) as transformers' <c>WavLMAttention._relative_positions_bucket</c> computes
/// them: half of the buckets for keys after the query; in each half, exact distances first, then logarithmic ones.
/// </summary>
internal static class RelativePositions
{
    /// <summary>The buckets of all pairs of tokens, <c>[M, M]</c>, query before key.</summary>
    /// <param name="tokens">How many tokens there are, M.</param>
    /// <param name="buckets">How many buckets there are; even.</param>
    /// <param name="maxDistance">The distance from which on all share the last bucket.</param>
    public static long[] Index(int tokens, int buckets, int maxDistance)
    {
        var index = new long[tokens * tokens];
        for (var query = 0; query < tokens; query++)
        {
            for (var key = 0; key < tokens; key++)
            {
                index[(query * tokens) + key] = Bucket(key - query, buckets, maxDistance);
            }
        }

        return index;
    }

    /// <summary>The bucket of a relative position.</summary>
    /// <param name="position">The key's index minus the query's.</param>
    /// <param name="buckets">How many buckets there are; even.</param>
    /// <param name="maxDistance">The distance from which on all share the last bucket.</param>
    public static int Bucket(int position, int buckets, int maxDistance)
    {
        var half = buckets / 2;
        var exact = half / 2;
        var distance = Math.Abs(position);
        var offset = position > 0 ? half : 0;
        if (distance < exact)
        {
            return offset + distance;
        }

        // In float32, step by step, as the reference: the truncation falls on the same side.
        var logarithm = MathF.Log((float)distance / exact) / (float)Math.Log((double)maxDistance / exact) * (half - exact);
        return offset + Math.Min(half - 1, (int)(exact + logarithm));
    }
}
