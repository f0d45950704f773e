using ActorCluster.Core.Pipelines;
using ActorCluster.Models.Torch;

namespace ActorCluster.Processing.Inference;

/// <summary>A pipeline file's words for arithmetic.</summary>
internal static class Precisions
{
    /// <summary>The precision that a word stands for.</summary>
    public static EncoderPrecision Of(string word) => word == VisualEncoderSettings.ReducedPrecision ? EncoderPrecision.BFloat16 : EncoderPrecision.Float32;
}
