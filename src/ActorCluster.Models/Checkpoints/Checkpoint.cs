using System.Collections.Immutable;

namespace ActorCluster.Models.Checkpoints;

/// <summary>
/// The open weights of a model as the Hugging Face hub publishes them: <c>model.safetensors</c>, its sharded form
/// <c>model.safetensors.index.json</c>, or <c>pytorch_model.bin</c> (PyTorch 1.6 or later), of which tensors are read and nothing is ever run.
/// Everything but the tensors' bytes is read and checked on opening; the bytes are read in pieces, so memory does not grow with the file.
/// Not for use by several threads at once.
/// </summary>
public abstract class Checkpoint : IDisposable
{
    /// <summary>The most bytes that <see cref="Read"/> hands out at once: 4 MiB.</summary>
    public const int MaxPieceBytes = 4 << 20;

    private const string SafetensorsName = "model.safetensors";
    private const string IndexName = "model.safetensors.index.json";
    private const string TorchName = "pytorch_model.bin";

    private protected Checkpoint(IReadOnlyDictionary<string, CheckpointTensor> tensors) => Tensors = tensors;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors { get; }

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">
    /// A folder, in which the first of <c>model.safetensors</c>, <c>model.safetensors.index.json</c> and <c>pytorch_model.bin</c> is taken, or such a
    /// file: a name that ends in <c>.safetensors</c> or <c>.json</c> is read as such, any other as PyTorch's format.
    /// </param>
    /// <exception cref="CheckpointFormatException">There is no checkpoint, or it is not well formed.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static Checkpoint Open(string path)
    {
        var file = Locate(path);
        return Path.GetExtension(file) switch
        {
            ".safetensors" => SafetensorsCheckpoint.OpenFile(file),
            ".json" => SafetensorsCheckpoint.OpenIndex(file),
            _ => TorchCheckpoint.OpenFile(file),
        };
    }

    /// <summary>Reads a tensor from its first element to its last.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="take">
    /// Called with one piece after the other: little-endian bytes in row-major order, each piece a whole number of elements and at most
    /// <see cref="MaxPieceBytes"/> long; never for a tensor without elements. The piece is valid during the call only.
    /// </param>
    /// <exception cref="CheckpointFormatException">There is no such tensor, or the file has become shorter.</exception>
    public void Read(string name, Action<ReadOnlySpan<byte>> take)
    {
        if (!Tensors.TryGetValue(name, out var tensor))
        {
            throw new CheckpointFormatException($"The checkpoint has no tensor '{name}'.");
        }

        ReadPieces(tensor, take);
    }

    /// <summary>Closes the checkpoint's files.</summary>
    public abstract void Dispose();

    private protected abstract void ReadPieces(CheckpointTensor tensor, Action<ReadOnlySpan<byte>> take);

    private static string Locate(string path)
    {
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new CheckpointFormatException($"'{path}' does not exist. Give a folder with {SafetensorsName} or {TorchName}, or such a file.");
        }

        ImmutableArray<string> names = [SafetensorsName, IndexName, TorchName];
        var found = names.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists);
        return found ?? throw new CheckpointFormatException(
            $"Folder '{path}' has none of {string.Join(", ", names)}. Download the model's weights into it; sharded pytorch_model.bin files are not "
            + "read, so take or make the safetensors ones.");
    }
}
