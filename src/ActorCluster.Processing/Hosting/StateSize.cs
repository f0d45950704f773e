using System.Collections.Immutable;

namespace ActorCluster.Processing.Hosting;

/// <summary>What the state takes, table by table.</summary>
/// <param name="Tables">The tables.</param>
internal sealed record StateSize(ImmutableArray<StateSize.Table> Tables)
{
    /// <summary>All rows.</summary>
    public long Rows => Tables.Sum(t => t.Rows);

    /// <summary>All bytes.</summary>
    public long Bytes => Tables.Sum(t => t.Bytes);

    /// <summary>One table.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Rows">Its rows.</param>
    /// <param name="Bytes">What it takes on disk with its indexes, and with the space that removed rows have left in it.</param>
    internal sealed record Table(string Name, long Rows, long Bytes);
}
