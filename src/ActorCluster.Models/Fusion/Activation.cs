using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>
/// Activation functions whose results do not depend on where in a tensor a value lies. libtorch's own gelu and sigmoid compute the last few
/// values of each thread's share one by one, by functions that differ in the last bit from the vectorised ones of the rest; erf and tanh do not.
/// </summary>
internal static class Activation
{
    /// <summary>x / 2 * (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel 2016), the exact form.</summary>
    public static Tensor Gelu(Tensor x) => x * ((x / Math.Sqrt(2)).erf() + 1) * 0.5;

    /// <summary>1 / (1 + exp(-x)) as (1 + tanh(x / 2)) / 2.</summary>
    public static Tensor Sigmoid(Tensor x) => ((x * 0.5).tanh() + 1) * 0.5;
}
