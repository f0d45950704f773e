namespace ActorCluster.Core.Pipelines;

/// <summary>The visual encoder.</summary>
/// <param name="Kind">The encoder's kind: <c>face-expression-net</c>.</param>
/// <param name="Model">Its weights, relative to the pipeline file; 1 to 1024 characters.</param>
/// <param name="Batch">The one batch size of every forward pass, 1 to 1024; partial batches are padded.</param>
public sealed record VisualEncoderSettings(string Kind, string Model, int Batch);
