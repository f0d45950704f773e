namespace ActorCluster.Models.Checkpoints;

/// <summary>A checkpoint as <c>torch.save</c> writes it since PyTorch 1.6.</summary>
internal sealed class TorchCheckpoint : Checkpoint
{
    private TorchCheckpoint(Dictionary<string, CheckpointTensor> tensors)
        : base(tensors)
    {
    }

    /// <summary>Opens a file.</summary>
    public static TorchCheckpoint OpenFile(string path) =>
        throw new CheckpointFormatException($"'{path}': PyTorch's format is not read yet.");

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private protected override void ReadPieces(CheckpointTensor tensor, Action<ReadOnlySpan<byte>> take) => throw new InvalidOperationException();
}
