using ActorCluster.Core.Pipelines;

namespace ActorCluster.Models.Torch;

/// <summary>A pipeline file's and the command line's words for <see cref="EncoderPrecision"/>.</summary>
public static class EncoderPrecisions
{
    /// <summary>The precision that a word stands for.</summary>
    /// <param name="word"><see cref="VisualEncoderSettings.FullPrecision"/> or <see cref="VisualEncoderSettings.ReducedPrecision"/>.</param>
    public static EncoderPrecision Parse(string word) => word == VisualEncoderSettings.ReducedPrecision ? EncoderPrecision.BFloat16 : EncoderPrecision.Float32;
}
