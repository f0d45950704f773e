namespace ActorCluster.Core.Pipelines;

/// <summary>The fusion network.</summary>
/// <param name="Checkpoint">Its folder; 1 to 1024 characters, see <see cref="ModelPath"/>.</param>
/// <param name="Batch">Windows in every forward pass, 1 to 256; partial batches are padded.</param>
public sealed record FusionSettings(string Checkpoint, int Batch);
