using System.Runtime.InteropServices;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Storage;
using static TorchSharp.torch;

namespace ActorCluster.Models.Torch;

/// <summary>
/// The parameters of a model in a checkpoint, of which each is read when it is asked for: whoever asks layer by layer holds no more than that in another
/// form than the model's own. Beside the tensors, memory holds 4 MiB of the file at most.
/// </summary>
internal sealed class CheckpointParameters
{
    private const int MostNamed = 12;

    private readonly Checkpoint checkpoint;
    private readonly Dictionary<string, CheckpointTensor> sources = new(StringComparer.Ordinal);

    /// <summary>Finds every parameter, or throws with the lists of what does not fit; reads none.</summary>
    /// <param name="checkpoint">The weights; stays the caller's, who keeps it open as long as parameters are read.</param>
    /// <param name="shapes">The parameters' names and shapes.</param>
    /// <param name="parameterName">
    /// The parameter that a tensor of the checkpoint belongs to: strips prefixes and translates names; null for a tensor to be ignored.
    /// </param>
    /// <param name="model">What the parameters belong to, for messages, such as <c>BEiT</c>.</param>
    /// <exception cref="CheckpointFormatException">
    /// Parameters have no tensor, tensors have no parameter, two tensors have the same one, or a shape or type does not fit; the message lists them.
    /// </exception>
    public CheckpointParameters(Checkpoint checkpoint, IEnumerable<(string Name, long[] Shape)> shapes, Func<string, string?> parameterName, string model)
    {
        this.checkpoint = checkpoint;
        var parameters = shapes.ToDictionary(parameter => parameter.Name, parameter => parameter.Shape, StringComparer.Ordinal);
        RequireSize(checkpoint, parameters.Values, model);
        List<string> unexpected = [];
        List<string> unfit = [];
        foreach (var tensor in checkpoint.Tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            if (parameterName(tensor.Name) is not { } name)
            {
                continue;
            }

            if (!parameters.TryGetValue(name, out var shape))
            {
                unexpected.Add(tensor.Name);
            }
            else if (!sources.TryAdd(name, tensor))
            {
                unfit.Add($"{tensor.Name} and {sources[name].Name} are the same parameter");
            }
            else if (!tensor.Shape.AsSpan().SequenceEqual(shape))
            {
                unfit.Add($"{tensor.Name} has the shape [{string.Join(", ", tensor.Shape)}], not [{string.Join(", ", shape)}]");
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
    }

    /// <summary>The parameters' names.</summary>
    public IReadOnlyCollection<string> Names => sources.Keys;

    /// <summary>Reads a parameter into a new tensor of float32 on the CPU, which belongs to the caller's dispose scope.</summary>
    public Tensor Read(string name) => ReadStacked(name);

    /// <summary>Reads parameters of equal width below each other into one new tensor of float32 on the CPU: their first dimensions add up.</summary>
    public Tensor ReadStacked(params ReadOnlySpan<string> names)
    {
        var shape = sources[names[0]].Shape.ToArray();
        foreach (var name in names[1..])
        {
            shape[0] += sources[name].Shape[0];
        }

        var stacked = empty(shape, ScalarType.Float32);
        var start = 0L;
        foreach (var name in names)
        {
            var count = sources[name].Shape[0];
            using var part = stacked.narrow(0, start, count);
            ReadInto(name, part);
            start += count;
        }

        return stacked;
    }

    /// <summary>Reads a parameter into a contiguous tensor of float32 on the CPU of the same shape, also a view into a larger one.</summary>
    public void ReadInto(string name, Tensor parameter)
    {
        if (!parameter.is_contiguous() || parameter.dtype != ScalarType.Float32)
        {
            throw new ArgumentException($"Parameter '{name}' is not a contiguous tensor of float32.", nameof(parameter));
        }

        var source = sources[name];
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

    // Where a config.json promises far more than the file holds, a list of all that is missing would not say what is wrong.
    private static void RequireSize(Checkpoint checkpoint, IEnumerable<long[]> shapes, string model)
    {
        var needed = shapes.Sum(shape => shape.Aggregate(1.0, (product, size) => product * size));
        var there = checkpoint.Tensors.Values.Sum(tensor => (double)tensor.ElementCount);
        if (needed > 1.5 * there)
        {
            throw new CheckpointFormatException(
                $"config.json describes a {model} of {needed:0} parameters; the checkpoint holds {there:0}. Take config.json and weights from the same model.");
        }
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
