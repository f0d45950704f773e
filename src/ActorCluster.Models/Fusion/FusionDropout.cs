using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>
/// Inverted dropout (Srivastava et al. 2014), shared by all places of one network: <c>y = x * b / (1 - p)</c> with b from Bernoulli(1 - p), computed as libtorch's
/// own does on the CPU, but drawn from a given generator. libtorch's own draws from one that the whole process shares, so that networks trained side by side would
/// disturb each other.
/// </summary>
/// <param name="probability">p, 0 to less than 1.</param>
internal sealed class FusionDropout(double probability)
{
    /// <summary>What is drawn from; null for libtorch's global generator.</summary>
    public Generator? Generator { get; set; }

    /// <summary>Drops.</summary>
    /// <param name="x">Any tensor.</param>
    /// <param name="training">Whether the module that asks is in training; otherwise nothing is dropped.</param>
    public Tensor Apply(Tensor x, bool training)
    {
        if (!training || probability == 0)
        {
            return x;
        }

        // TorchSharp makes generators for the CPU alone (0.107), so it is there that they are drawn from, whatever computes.
        using var drawn = empty_like(x, device: CPU, requires_grad: false).bernoulli_(1 - probability, Generator).div_(1 - probability);
        using var noise = drawn.to(x.device);
        return x * noise;
    }
}
