using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// The parameters of an encoder and its head by their published names, in float32 on the CPU. Those that are trained lie side by side in one tensor,
/// <see cref="Trained"/>, of which the named ones are views: the optimizer and what it saves then deal with one tensor, not with hundreds.
/// </summary>
internal sealed class EncoderParameters : IDisposable
{
    private readonly Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
    private readonly List<Tensor> leaves = [];

    /// <param name="values">The parameters in the order in which a checkpoint lists them; copied.</param>
    /// <param name="isFrozen">Whether a parameter keeps its value.</param>
    public EncoderParameters(IReadOnlyList<(string Name, Tensor Value)> values, Func<string, bool> isFrozen)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        Names = [.. values.Select(value => value.Name)];

        // Those with weight decay come first, so that they are one range.
        var trained = values.Where(value => !isFrozen(value.Name)).OrderBy(value => !Decays(value.Value)).ToList();
        DecayedCount = trained.Where(value => Decays(value.Value)).Sum(value => value.Value.numel());
        Trained = empty([trained.Sum(value => value.Value.numel())], ScalarType.Float32).DetachFromDisposeScope();
        var offset = 0L;
        foreach (var (name, value) in trained)
        {
            var view = Trained.narrow(0, offset, value.numel()).view(value.shape);
            view.copy_(value);
            tensors[name] = view.detach().requires_grad_(true).DetachFromDisposeScope();
            leaves.Add(tensors[name]);
            offset += value.numel();
        }

        foreach (var (name, value) in values.Where(value => isFrozen(value.Name)))
        {
            tensors[name] = value.to(ScalarType.Float32).clone().DetachFromDisposeScope();
        }
    }

    /// <summary>All parameters' names in a checkpoint's order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>All trained parameters, <c>[n]</c>: first those with weight decay.</summary>
    public Tensor Trained { get; }

    /// <summary>How many numbers of <see cref="Trained"/> have weight decay.</summary>
    public long DecayedCount { get; }

    /// <summary>A parameter by its name.</summary>
    public Tensor this[string name] => tensors[name];

    /// <summary>All parameters of a checkpoint, in the order of <paramref name="shapes"/>, in the caller's dispose scope.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Read(CheckpointParameters parameters, IEnumerable<(string Name, long[] Shape)> shapes) =>
        shapes.Select(shape => (shape.Name, parameters.Read(shape.Name)));

    /// <summary>The gradients of a loss, <c>[n]</c>, in the order of <see cref="Trained"/> and in the caller's dispose scope.</summary>
    public Tensor Gradient(Tensor loss)
    {
        using var scope = NewDisposeScope();
        var gradients = autograd.grad([loss], leaves);
        return cat([.. gradients.Select(gradient => gradient.reshape(-1))]).MoveToOuterDisposeScope();
    }

    /// <summary>The linear map of a name, whose bias may be missing.</summary>
    public Tensor Linear(Tensor rows, string name) => functional.linear(rows, tensors[name + ".weight"], tensors.GetValueOrDefault(name + ".bias"));

    /// <summary>The layer norm of a name over the last dimension.</summary>
    public Tensor Norm(Tensor rows, string name, double epsilon) =>
        functional.layer_norm(rows, [rows.shape[^1]], tensors[name + ".weight"], tensors[name + ".bias"], epsilon);

    /// <inheritdoc/>
    public void Dispose()
    {
        Trained.Dispose();
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }

    // Matrices, kernels and tables; not biases, gains, scales or tokens (BEiT, Bao et al. 2021, appendix; as its published training code does).
    private static bool Decays(Tensor value) => value.shape.Count(size => size > 1) > 1;
}
