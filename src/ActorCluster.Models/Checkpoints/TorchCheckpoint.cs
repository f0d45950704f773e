using System.Buffers;
using ActorCluster.Storage;

namespace ActorCluster.Models.Checkpoints;

/// <summary>
/// A checkpoint as <c>torch.save</c> writes it since PyTorch 1.6. Views are read as what they show: transposed, sliced, or of one shared storage.
/// </summary>
internal sealed class TorchCheckpoint : Checkpoint
{
    private readonly TorchArchive archive;
    private readonly Dictionary<string, PickledTensor> views;
    private readonly Dictionary<string, long> storageOffsets;
    private readonly string path;

    private TorchCheckpoint(
        string path,
        TorchArchive archive,
        Dictionary<string, PickledTensor> views,
        Dictionary<string, long> storageOffsets,
        Dictionary<string, CheckpointTensor> tensors)
        : base(tensors)
    {
        this.path = path;
        this.archive = archive;
        this.views = views;
        this.storageOffsets = storageOffsets;
    }

    /// <summary>Opens a file.</summary>
    public static TorchCheckpoint OpenFile(string path)
    {
        GitLfsPointer.Refuse(path);
        TorchArchive? archive = null;
        try
        {
            archive = TorchArchive.Open(path);
            RefuseBigEndian(archive);
            var pickle = archive.ReadRecord("data.pkl", PickleReader.MaxBytes);
            var views = StateDictionary.Find(PickleReader.Read(pickle));
            var offsets = new Dictionary<string, long>(StringComparer.Ordinal);
            var tensors = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
            foreach (var (name, view) in views)
            {
                view.Check(name, view.Storage.Type.Width());
                offsets.TryAdd(view.Storage.Key, LocateStorage(archive, name, view.Storage));
                tensors.Add(name, new CheckpointTensor(name, view.Storage.Type, view.Shape, Path.GetFileName(path)));
            }

            return new TorchCheckpoint(path, archive, views, offsets, tensors);
        }
        catch (CheckpointFormatException e)
        {
            archive?.Dispose();
            throw new CheckpointFormatException($"'{path}' is not read. {e.Message}", e);
        }
        catch
        {
            archive?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => archive.Dispose();

    private protected override void ReadPieces(CheckpointTensor tensor, Action<ReadOnlySpan<byte>> take)
    {
        var view = views[tensor.Name];
        var width = tensor.Type.Width();
        var start = storageOffsets[view.Storage.Key] + (view.Offset * width);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(tensor.ByteCount, MaxPieceBytes));
        try
        {
            if (view.IsContiguous)
            {
                for (var at = 0L; at < tensor.ByteCount; at += MaxPieceBytes)
                {
                    var piece = buffer.AsSpan(0, (int)Math.Min(MaxPieceBytes, tensor.ByteCount - at));
                    archive.Read(start + at, piece);
                    take(piece);
                }
            }
            else
            {
                var source = GC.AllocateUninitializedArray<byte>((int)(view.Reach * width));
                archive.Read(start, source);
                StridedView.Gather(source, view, width, buffer.AsSpan(0, Math.Min(buffer.Length, MaxPieceBytes)), take);
            }
        }
        catch (CheckpointFormatException e)
        {
            throw new CheckpointFormatException($"'{path}', tensor {Quoted.Text(tensor.Name)}: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The record is there since PyTorch 2.1; before, the writing machine's order was kept silently, and big-endian machines wrote none to speak of.
    private static void RefuseBigEndian(TorchArchive archive)
    {
        if (archive.ReadRecord("byteorder", 16) is { } order && !order.AsSpan().SequenceEqual("little"u8))
        {
            throw new CheckpointFormatException("Its numbers are not little-endian. Save it again, as safetensors, which always are.");
        }
    }

    private static long LocateStorage(TorchArchive archive, string name, PickledStorage storage)
    {
        var (offset, bytes) = archive.FindStorage(storage.Key);
        return bytes % storage.Type.Width() == 0 && bytes / storage.Type.Width() == storage.Count
            ? offset
            : throw new CheckpointFormatException(
                $"The storage of the tensor {Quoted.Text(name)} has {bytes} bytes, but {storage.Count} elements of type {storage.Type} are expected. Download the "
                + "file again.");
    }
}
