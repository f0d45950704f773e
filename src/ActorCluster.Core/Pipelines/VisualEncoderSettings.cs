namespace ActorCluster.Core.Pipelines;

/// <summary>The visual encoder.</summary>
/// <param name="Kind">The encoder's kind: <see cref="FaceExpressionNet"/>, <see cref="Beit"/> or <see cref="Rehearsal"/>.</param>
/// <param name="Model">
/// Its weights: an ONNX file, or the folder of a Hugging Face checkpoint; 1 to 1024 characters, see <see cref="ModelPath"/>. Empty for <see cref="Rehearsal"/>.
/// </param>
/// <param name="Batch">The one batch size of every forward pass, 1 to 1024; partial batches are padded.</param>
/// <param name="Precision"><see cref="FullPrecision"/> or, for <see cref="Beit"/>, <see cref="ReducedPrecision"/>.</param>
/// <param name="BatchSeconds">How long each forward pass of <see cref="Rehearsal"/> takes, 0 to 60 seconds; 0 for the others.</param>
public sealed record VisualEncoderSettings(string Kind, string Model, int Batch, string Precision = VisualEncoderSettings.FullPrecision, double BatchSeconds = 0)
{
    /// <summary>The 7-class network of face-api as ONNX.</summary>
    public const string FaceExpressionNet = "face-expression-net";

    /// <summary>BEiT in Hugging Face's format; its features need a fusion network, or are for training one.</summary>
    public const string Beit = "beit";

    /// <summary>
    /// No network: takes a fixed time for each batch and hardly any processor, and tells brightness instead of expressions. For trying out a cluster.
    /// </summary>
    public const string Rehearsal = "rehearsal";

    /// <summary>All arithmetic in float32.</summary>
    public const string FullPrecision = "float32";

    /// <summary>Matrix products in bfloat16.</summary>
    public const string ReducedPrecision = "bfloat16";
}
