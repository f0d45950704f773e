using System.Diagnostics.CodeAnalysis;

namespace ActorCluster.Models.Torch;

/// <summary>The arithmetic of an encoder's matrix products.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The field's names of these formats.")]
public enum EncoderPrecision
{
    /// <summary>Everything in 32-bit floating point.</summary>
    Float32,

    /// <summary>
    /// Weights and matrix products in bfloat16 (8 bits of significand, sums in float32); the residual stream, norms and softmax in float32.
    /// </summary>
    BFloat16,
}
