using System.Collections.Immutable;

namespace ActorCluster.Storage;

/// <summary>A tensor as a safetensors header describes it, checked against the file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its dimensions, outermost first; empty for a scalar.</param>
/// <param name="Offset">Where its bytes start in the file.</param>
/// <param name="ByteCount">How many bytes it has: the product of <paramref name="Shape"/> times the element's width.</param>
public sealed record TensorInfo(string Name, TensorType Type, ImmutableArray<long> Shape, long Offset, long ByteCount)
{
    /// <summary>The number of elements.</summary>
    public long ElementCount => ByteCount / Type.Width();
}
