using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2, with PyTorch's constants) over one tensor, whose state is two tensors that
/// can be saved as they are.
/// </summary>
/// <param name="values">What is optimized, <c>[n]</c>, changed in place; stays the caller's.</param>
/// <param name="decayed">How many of the first values have weight decay.</param>
/// <param name="decay">The weight decay.</param>
internal sealed class AdamW(Tensor values, long decayed, double decay) : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    /// <summary>The running mean of the gradient, <c>[n]</c>.</summary>
    public Tensor FirstMoment { get; } = zeros_like(values).DetachFromDisposeScope();

    /// <summary>The running mean of the gradient's square, <c>[n]</c>.</summary>
    public Tensor SecondMoment { get; } = zeros_like(values).DetachFromDisposeScope();

    /// <summary>Takes a step.</summary>
    /// <param name="gradient">The gradient, <c>[n]</c>.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">The step's number from 1.</param>
    public void Step(Tensor gradient, double rate, int step)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        FirstMoment.mul_(Beta1).add_(gradient, 1 - Beta1);
        SecondMoment.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        values.narrow(0, 0, decayed).mul_(1 - (rate * decay));
        var deviation = (SecondMoment / (1 - Math.Pow(Beta2, step))).sqrt_().add_(Epsilon);
        values.addcdiv_(FirstMoment, deviation, -rate / (1 - Math.Pow(Beta1, step)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
