using ActorCluster.Models.Checkpoints;

namespace ActorCluster.Models.Tests.Checkpoints;

/// <summary>Whole tensors and files, for tests.</summary>
internal static class CheckpointBytes
{
    public static byte[] ReadAll(this Checkpoint checkpoint, string name)
    {
        var bytes = new List<byte>();
        checkpoint.Read(name, piece =>
        {
            Assert.InRange(piece.Length, 1, Checkpoint.MaxPieceBytes);
            bytes.AddRange(piece);
        });
        return [.. bytes];
    }

    /// <summary>Asserts that tensors of one checkpoint are those of another: type, shape and bytes.</summary>
    public static void AssertSame(Checkpoint expected, string expectedName, Checkpoint actual, string actualName)
    {
        var (tensor, other) = (expected.Tensors[expectedName], actual.Tensors[actualName]);
        Assert.Equal(tensor.Type, other.Type);
        Assert.Equal<long>(tensor.Shape, other.Shape);
        Assert.Equal(expected.ReadAll(expectedName), actual.ReadAll(actualName));
    }
}
