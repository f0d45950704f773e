using System.Buffers;
using ActorCluster.Storage;

namespace ActorCluster.Models.Checkpoints;

/// <summary>A checkpoint in one safetensors file, or in several with an index.</summary>
internal sealed class SafetensorsCheckpoint : Checkpoint
{
    private readonly Dictionary<string, SafetensorsFile> files;

    private SafetensorsCheckpoint(Dictionary<string, SafetensorsFile> files, Dictionary<string, CheckpointTensor> tensors)
        : base(tensors) => this.files = files;

    /// <summary>Opens one file.</summary>
    public static SafetensorsCheckpoint OpenFile(string path)
    {
        var name = Path.GetFileName(path);
        var file = OpenShard(path);
        return new SafetensorsCheckpoint(
            new(StringComparer.Ordinal) { [name] = file },
            file.Tensors.ToDictionary(t => t.Name, t => Describe(t, name), StringComparer.Ordinal));
    }

    /// <summary>Opens an index and the files that it names, which lie beside it.</summary>
    public static SafetensorsCheckpoint OpenIndex(string path)
    {
        var fileOf = SafetensorsIndex.Read(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var files = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        try
        {
            foreach (var name in fileOf.Values.Distinct(StringComparer.Ordinal))
            {
                var shard = Path.Combine(folder, name);
                if (!File.Exists(shard))
                {
                    throw new CheckpointFormatException($"'{path}' names the file '{name}', which is not beside it. Download it too.");
                }

                files.Add(name, OpenShard(shard));
            }

            return new SafetensorsCheckpoint(files, Match(path, fileOf, files));
        }
        catch
        {
            foreach (var file in files.Values)
            {
                file.Dispose();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var file in files.Values)
        {
            file.Dispose();
        }
    }

    private protected override void ReadPieces(CheckpointTensor tensor, Action<ReadOnlySpan<byte>> take)
    {
        var file = files[tensor.File];
        var length = tensor.ByteCount;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, MaxPieceBytes));
        try
        {
            for (var at = 0L; at < length; at += MaxPieceBytes)
            {
                var piece = buffer.AsSpan(0, (int)Math.Min(MaxPieceBytes, length - at));
                file.ReadBytesInto(tensor.Name, at, piece);
                take(piece);
            }
        }
        catch (SafetensorsFormatException e)
        {
            throw new CheckpointFormatException($"'{tensor.File}': {e.Message} Download it again.", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static SafetensorsFile OpenShard(string path)
    {
        GitLfsPointer.Refuse(path);
        try
        {
            return SafetensorsFile.Open(path);
        }
        catch (SafetensorsFormatException e)
        {
            throw new CheckpointFormatException($"'{path}' is not a well-formed safetensors file: {e.Message} Download it again.", e);
        }
    }

    // Index and files must tell the same story, both ways: else a tensor would be taken from a file that was not meant.
    private static Dictionary<string, CheckpointTensor> Match(
        string path, Dictionary<string, string> fileOf, Dictionary<string, SafetensorsFile> files)
    {
        var tensors = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        foreach (var (name, file) in files)
        {
            foreach (var tensor in file.Tensors)
            {
                if (!fileOf.TryGetValue(tensor.Name, out var said) || said != name)
                {
                    var where = said is null ? "does not name it" : $"says that it is in '{said}'";
                    throw new CheckpointFormatException(
                        $"'{name}' holds the tensor '{tensor.Name}', but '{path}' {where}. Download the index and its files again, from one revision.");
                }

                tensors.Add(tensor.Name, Describe(tensor, name));
            }
        }

        var missing = fileOf.FirstOrDefault(entry => !tensors.ContainsKey(entry.Key));
        return missing.Key is null ? tensors : throw new CheckpointFormatException(
            $"'{path}' says that the tensor '{missing.Key}' is in '{missing.Value}', which does not hold it. Download the index and its files again, "
            + "from one revision.");
    }

    private static CheckpointTensor Describe(TensorInfo tensor, string file) => new(tensor.Name, tensor.Type, tensor.Shape, file);
}
