namespace ActorCluster.Processing.Inference;

/// <summary>Rows of half floats, the form in which features are stored.</summary>
internal static class HalfRows
{
    /// <summary>Rounds one row to nearest, ties to even.</summary>
    /// <param name="from">The row, [width].</param>
    /// <param name="to">Rows, [n, width].</param>
    /// <param name="row">Which of them to write.</param>
    public static void Round(ReadOnlySpan<float> from, Span<Half> to, int row)
    {
        var into = to.Slice(row * from.Length, from.Length);
        for (var k = 0; k < into.Length; k++)
        {
            into[k] = (Half)from[k];
        }
    }
}
