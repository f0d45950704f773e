using System.Collections.Immutable;

namespace ActorCluster.Core.Pipelines;

/// <summary>How encoder outputs become class probabilities.</summary>
/// <param name="Temperature">Logits are divided by it before the softmax, 0.01 to 100.</param>
/// <param name="Prior">Probabilities [8] of a frame that nothing is known of, by class index; each 0 to 1, their sum 1 to within 1e-6. In the file, a class that is left out has 0.</param>
public sealed record HeadSettings(double Temperature, ImmutableArray<double> Prior)
{
    /// <summary>Whether both have the same temperature and the same prior, element by element.</summary>
    public bool Equals(HeadSettings? other) =>
        other is not null && Temperature.Equals(other.Temperature) && Prior.AsSpan().SequenceEqual(other.Prior.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Temperature, Prior.Length);
}
