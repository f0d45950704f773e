using ActorCluster.Models.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Training.Encoders;

/// <summary>The parameters of an encoder and its head by their published names, in float32 on the CPU.</summary>
internal sealed class EncoderParameters : IDisposable
{
    private readonly Dictionary<string, Parameter> parameters;

    /// <param name="values">The parameters in the order in which a checkpoint lists them; copied.</param>
    /// <param name="isFrozen">Whether a parameter keeps its value.</param>
    public EncoderParameters(IReadOnlyList<(string Name, Tensor Value)> values, Func<string, bool> isFrozen)
    {
        Names = [.. values.Select(value => value.Name)];
        parameters = values.ToDictionary(
            value => value.Name,
            value => (Parameter)new Parameter(value.Value.to(ScalarType.Float32).clone(), requires_grad: !isFrozen(value.Name)).DetachFromDisposeScope(),
            StringComparer.Ordinal);
    }

    /// <summary>All parameters' names in a checkpoint's order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Those that are trained, in that order.</summary>
    public IEnumerable<(string Name, Parameter Value)> Trained => Names.Select(name => (name, parameters[name])).Where(p => p.Item2.requires_grad);

    /// <summary>A parameter by its name.</summary>
    public Tensor this[string name] => parameters[name];

    /// <summary>All parameters of a checkpoint, in the order of <paramref name="shapes"/>, in the caller's dispose scope.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Read(CheckpointParameters parameters, IEnumerable<(string Name, long[] Shape)> shapes) =>
        shapes.Select(shape => (shape.Name, parameters.Read(shape.Name)));

    /// <summary>The linear map of a name, whose bias may be missing.</summary>
    public Tensor Linear(Tensor rows, string name) => functional.linear(rows, parameters[name + ".weight"], parameters.GetValueOrDefault(name + ".bias"));

    /// <summary>The layer norm of a name over the last dimension.</summary>
    public Tensor Norm(Tensor rows, string name, double epsilon) =>
        functional.layer_norm(rows, [rows.shape[^1]], parameters[name + ".weight"], parameters[name + ".bias"], epsilon);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in parameters.Values)
        {
            parameter.Dispose();
        }
    }
}
