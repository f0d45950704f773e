namespace ActorCluster.Core.Pipelines;

/// <summary>The visual encoder.</summary>
/// <param name="Kind">The encoder's kind: <see cref="FaceExpressionNet"/> or <see cref="Beit"/>.</param>
/// <param name="Model">Its weights: an ONNX file, or the folder of a Hugging Face checkpoint; 1 to 1024 characters, see <see cref="ModelPath"/>.</param>
/// <param name="Batch">The one batch size of every forward pass, 1 to 1024; partial batches are padded.</param>
/// <param name="Precision"><see cref="FullPrecision"/> or, for <see cref="Beit"/>, <see cref="ReducedPrecision"/>.</param>
public sealed record VisualEncoderSettings(string Kind, string Model, int Batch, string Precision = VisualEncoderSettings.FullPrecision)
{
    /// <summary>The 7-class network of face-api as ONNX.</summary>
    public const string FaceExpressionNet = "face-expression-net";

    /// <summary>BEiT in Hugging Face's format; its features need a fusion network.</summary>
    public const string Beit = "beit";

    /// <summary>All arithmetic in float32.</summary>
    public const string FullPrecision = "float32";

    /// <summary>Matrix products in bfloat16.</summary>
    public const string ReducedPrecision = "bfloat16";
}
