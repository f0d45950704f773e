using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Training.Encoders;

/// <summary>Focal loss (Lin et al. 2017, https://arxiv.org/abs/1708.02002): -alpha (1 - p)^gamma log p, averaged over rows with a label.</summary>
internal static class ClassificationLoss
{
    // Keeps the gradient of a power below 1 finite where p is 1.
    private const double LeastDoubt = 1e-6;

    /// <summary>The loss, a scalar in the caller's dispose scope.</summary>
    /// <param name="logits">Logits <c>[n, 8]</c>.</param>
    /// <param name="labels">Labels <c>[n]</c>, -1 for a row that does not count.</param>
    /// <param name="weights">The weight of each class, <c>[8]</c>.</param>
    /// <param name="gamma">Gamma; 0 gives cross-entropy.</param>
    public static Tensor Of(Tensor logits, Tensor labels, Tensor weights, double gamma)
    {
        using var scope = NewDisposeScope();
        var counted = labels.ge(0).to(ScalarType.Float32);
        var safe = labels.clamp(min: 0);
        var logarithms = functional.log_softmax(logits, 1).gather(1, safe.unsqueeze(1)).squeeze(1);
        var factor = weights.index_select(0, safe) * counted;
        var doubt = gamma == 0 ? factor : factor * (1 - logarithms.exp()).clamp(min: LeastDoubt).pow(gamma);
        return ((doubt * logarithms).sum().neg() / counted.sum().clamp(min: 1)).MoveToOuterDisposeScope();
    }
}
