using ActorCluster.Models.Torch;
using static TorchSharp.torch;

namespace ActorCluster.Training;

/// <summary>
/// Focal loss (Lin et al. 2017, equation 5): the mean over labelled rows of <c>-alpha_y (1 - p_y)^gamma log p_y</c>, p being the softmax
/// of the logits and y the label. The divisor is the number of labelled rows, not the sum of their weights. gamma 0 without weights is the cross-entropy.
/// </summary>
/// <remarks>
/// Written with both logarithms, <c>(1 - p)^gamma = exp(gamma log(1 - p))</c>, and with log(1 - p) as the log-sum-exp of the other classes' log-probabilities:
/// it does not cancel where p rounds to 1, and its derivative is bounded, whereas that of <c>(1 - p)^gamma</c> is infinite at p = 1 for gamma below 1, and
/// infinity times the softmax's 0 is NaN. So loss and gradient are finite for every finite logit.
/// </remarks>
public sealed class FocalLoss : IDisposable
{
    private readonly double _gamma;
    private readonly Tensor? _weights;

    /// <summary>Makes the loss.</summary>
    /// <param name="gamma">The focusing exponent, at least 0. Lin et al.'s best, and our choice: 2.</param>
    /// <param name="classWeights">The weight alpha of each class, [classes], finite and at least 0; empty for 1 each.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public FocalLoss(double gamma, ReadOnlySpan<double> classWeights = default)
    {
        if (!(gamma >= 0) || !double.IsFinite(gamma))
        {
            throw new ArgumentException($"gamma is {gamma}; it must be at least 0.", nameof(gamma));
        }

        if (classWeights.ContainsAnyExceptInRange(0, double.MaxValue))
        {
            throw new ArgumentException("A class weight is not a number of at least 0.", nameof(classWeights));
        }

        TorchRuntime.Load();
        _gamma = gamma;
        ClassWeights = [.. classWeights];
        _weights = classWeights.IsEmpty ? null : tensor(classWeights.ToArray(), ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <summary>The weight of each class, or empty.</summary>
    public IReadOnlyList<double> ClassWeights { get; }

    /// <summary>The mean loss of labelled rows.</summary>
    /// <param name="logits">Scores, [n, classes], floating point. What stands in a row without a label reaches neither loss nor gradient, be it NaN.</param>
    /// <param name="labels">The class of each row from 0 on, or -1 for none, [n], int64, on the logits' device.</param>
    /// <returns>A scalar; 0 with a gradient of 0 where no row is labelled.</returns>
    /// <exception cref="ArgumentException">The shapes do not agree.</exception>
    public Tensor Mean(Tensor logits, Tensor labels)
    {
        if (logits.dim() != 2 || labels.dim() != 1 || labels.shape[0] != logits.shape[0] || (_weights is not null && logits.shape[1] != ClassWeights.Count))
        {
            throw new ArgumentException(
                $"Logits [{string.Join(", ", logits.shape)}] and labels [{string.Join(", ", labels.shape)}] with {ClassWeights.Count} class weights are not [n, classes] and [n].", nameof(logits));
        }

        using var scope = NewDisposeScope();
        var labelled = labels >= 0;
        var y = labels.clamp_min(0).unsqueeze(-1);
        // Replaced before anything is computed from them: a NaN would pass through the backward of any later selection.
        var scores = where(labelled.unsqueeze(-1), logits, zeros_like(logits)).log_softmax(-1);
        var logP = scores.gather(-1, y).squeeze(-1);
        var loss = -logP;
        if (_gamma > 0)
        {
            var isY = y.eq(arange(logits.shape[1], device: y.device));
            loss *= (scores.masked_fill(isY, double.NegativeInfinity).logsumexp(-1) * _gamma).exp();
        }

        if (_weights is not null)
        {
            loss *= _weights.to(loss.device).to(loss.dtype).index_select(0, labels.clamp_min(0));
        }

        var count = labelled.sum().clamp_min(1);
        return (where(labelled, loss, zeros_like(loss)).sum() / count).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of one row given its label's probability, without gradient.</summary>
    /// <param name="probability">The probability of the label, 0 to 1; below the smallest half float above 0 it counts as that.</param>
    /// <param name="label">The label, from 0 on.</param>
    internal double Of(double probability, int label)
    {
        var p = Math.Clamp(probability, (double)Half.Epsilon, 1);
        return -(_weights is null ? 1 : ClassWeights[label]) * Math.Pow(1 - p, _gamma) * Math.Log(p);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => _weights?.Dispose();
}
