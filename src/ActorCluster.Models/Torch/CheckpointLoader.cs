using System.Runtime.InteropServices;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Storage;
using static TorchSharp.torch;

namespace ActorCluster.Models.Torch;

/// <summary>
/// Fills a model's parameters from a checkpoint, piece by piece: beside the parameters themselves, memory holds 4 MiB of the file at most.
/// </summary>
internal static class CheckpointLoader
{
    private const int MostNamed = 12;

    /// <summary>Fills every parameter, or throws with the lists of what does not fit before any is touched.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="parameters">
    /// The parameters by name: contiguous float32 tensors on the CPU, also views into larger ones. Values of other floating-point
    /// types are converted.
    /// </param>
    /// <param name="parameterName">
    /// The parameter that a tensor of the checkpoint belongs to: strips prefixes and translates names; null for a tensor to be ignored.
    /// </param>
    /// <param name="model">What the parameters belong to, for messages, such as <c>BEiT</c>.</param>
    /// <exception cref="CheckpointFormatException">
    /// Parameters have no tensor, tensors have no parameter, two tensors have the same one, or a shape or type does not fit; the message lists them.
    /// </exception>
    public static void Load(Checkpoint checkpoint, IReadOnlyDictionary<string, Tensor> parameters, Func<string, string?> parameterName, string model)
    {
        var sources = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        List<string> unexpected = [];
        List<string> unfit = [];
        foreach (var tensor in checkpoint.Tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            if (parameterName(tensor.Name) is not { } name)
            {
                continue;
            }

            if (!parameters.TryGetValue(name, out var parameter))
            {
                unexpected.Add(tensor.Name);
            }
            else if (!sources.TryAdd(name, tensor))
            {
                unfit.Add($"{tensor.Name} and {sources[name].Name} are the same parameter");
            }
            else if (!tensor.Shape.AsSpan().SequenceEqual(parameter.shape))
            {
                unfit.Add($"{tensor.Name} has the shape [{string.Join(", ", tensor.Shape)}], not [{string.Join(", ", parameter.shape)}]");
            }
            else if (tensor.Type is not (TensorType.F32 or TensorType.F64 or TensorType.F16 or TensorType.BF16))
            {
                unfit.Add($"{tensor.Name} has the type {tensor.Type}, no floating-point type");
            }
        }

        var missing = parameters.Keys.Where(name => !sources.ContainsKey(name)).Order(StringComparer.Ordinal).ToList();
        if (missing.Count + unexpected.Count + unfit.Count > 0)
        {
            throw new CheckpointFormatException(Complain(checkpoint, model, missing, unexpected, unfit));
        }

        foreach (var (name, tensor) in sources)
        {
            Fill(checkpoint, tensor, parameters[name]);
        }
    }

    private static void Fill(Checkpoint checkpoint, CheckpointTensor source, Tensor parameter)
    {
        if (!parameter.is_contiguous() || parameter.dtype != ScalarType.Float32)
        {
            throw new ArgumentException($"Parameter '{source.Name}' is not a contiguous tensor of float32.", nameof(parameter));
        }

        using var flat = parameter.view(-1);
        var done = 0L;
        checkpoint.Read(source.Name, piece =>
        {
            var count = piece.Length / source.Type.Width();
            using var rest = flat.narrow(0, done, count);
            Convert(piece, source.Type, MemoryMarshal.Cast<byte, float>(rest.bytes));
            done += count;
        });
    }

    private static void Convert(ReadOnlySpan<byte> source, TensorType type, Span<float> target)
    {
        switch (type)
        {
            case TensorType.F32:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(target);
                break;
            case TensorType.F64:
                var doubles = MemoryMarshal.Cast<byte, double>(source);
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = (float)doubles[i];
                }

                break;
            case TensorType.F16:
                var halves = MemoryMarshal.Cast<byte, Half>(source);
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = (float)halves[i];
                }

                break;
            default:
                var upper = MemoryMarshal.Cast<byte, ushort>(source);
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                }

                break;
        }
    }

    private static string Complain(Checkpoint checkpoint, string model, List<string> missing, List<string> unexpected, List<string> unfit)
    {
        var files = string.Join(", ", checkpoint.Tensors.Values.Select(tensor => tensor.File).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(3));
        var text = $"The checkpoint ({(files.Length > 0 ? files : "without tensors")}) is not that of the {model} model that its config.json describes.";
        foreach (var (what, names) in new[] { ("Missing", missing), ("Unexpected", unexpected), ("Unfit", unfit) })
        {
            if (names.Count > 0)
            {
                var more = names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "";
                text += $" {what}: {string.Join(names == unfit ? "; " : ", ", names.Take(MostNamed))}{more}.";
            }
        }

        return text + " Take config.json and weights from the same model.";
    }
}
