using System.Collections.Immutable;
using ActorCluster.Storage;

namespace ActorCluster.Models.Checkpoints;

/// <summary>A tensor of a checkpoint, checked against the file that holds it.</summary>
/// <param name="Name">Its name, unique in the checkpoint, as published (no prefix stripped).</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its dimensions, outermost first; empty for a scalar.</param>
/// <param name="File">The name, without folder, of the file that holds its bytes.</param>
public sealed record CheckpointTensor(string Name, TensorType Type, ImmutableArray<long> Shape, string File)
{
    /// <summary>The number of elements: the product of <see cref="Shape"/>.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>The number of bytes that <see cref="Checkpoint.Read"/> hands out for it.</summary>
    public long ByteCount => checked(ElementCount * Type.Width());
}
