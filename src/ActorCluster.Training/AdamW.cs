using System.Collections.Immutable;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorCluster.Training;

/// <summary>
/// AdamW: Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2; Kingma and Ba 2015 for the moments). With gradient g at step t:
/// <c>w = (1 - lr * decay) w; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w = w - lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)</c>.
/// Only matrices decay: layer norms, biases and learned positions do not. Its state is plain tensors, so that it can be stored and come back bit for bit.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private readonly ImmutableArray<(string Name, Parameter Value, Tensor First, Tensor Second, bool Decays)> _parameters;
    private readonly OptimizerSettings _settings;

    /// <summary>Takes parameters to train; their moments start at 0.</summary>
    public AdamW(IEnumerable<(string Name, Parameter Value)> parameters, OptimizerSettings settings)
    {
        _settings = settings;
        using var off = no_grad();
        _parameters =
        [
            .. parameters.Select(p => (
                p.Name, p.Value, zeros_like(p.Value).DetachFromDisposeScope(), zeros_like(p.Value).DetachFromDisposeScope(), Decays(p.Name, p.Value))),
        ];
    }

    /// <summary>The number of steps taken.</summary>
    public long Steps { get; set; }

    /// <summary>First and second moments by parameter, [name, m, v]; owned by this object.</summary>
    public IEnumerable<(string Name, Tensor First, Tensor Second)> Moments => _parameters.Select(p => (p.Name, p.First, p.Second));

    /// <summary>Takes a step along the parameters' gradients.</summary>
    /// <param name="learningRate">The learning rate of this step.</param>
    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        Steps++;
        var first = 1 - Math.Pow(_settings.Beta1, Steps);
        var second = Math.Sqrt(1 - Math.Pow(_settings.Beta2, Steps));
        foreach (var (_, value, m, v, decays) in _parameters)
        {
            if (value.grad is not { } gradient)
            {
                continue;
            }

            if (decays)
            {
                value.mul_(1 - (learningRate * _settings.WeightDecay));
            }

            m.mul_(_settings.Beta1).add_(gradient, alpha: 1 - _settings.Beta1);
            v.mul_(_settings.Beta2).addcmul_(gradient, gradient, 1 - _settings.Beta2);
            value.addcdiv_(m, v.sqrt().div_(second).add_(_settings.Epsilon), -learningRate / first);
        }
    }

    /// <summary>Forgets the parameters' gradients.</summary>
    public void ZeroGradients()
    {
        foreach (var (_, value, _, _, _) in _parameters)
        {
            value.grad?.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, _, first, second, _) in _parameters)
        {
            first.Dispose();
            second.Dispose();
        }
    }

    // A gain or token of an encoder has several dimensions, of which one alone is larger than 1.
    private static bool Decays(string name, Tensor value) => value.shape.Count(size => size > 1) > 1 && !name.EndsWith(".position", StringComparison.Ordinal);
}
