using ActorCluster.Processing.Inference;

namespace ActorCluster.Node;

/// <summary>What <c>actorcluster process</c> was asked to do.</summary>
/// <param name="Inputs">Files, folders and manifests.</param>
/// <param name="Pipeline">A shipped pipeline's name, or a pipeline file.</param>
/// <param name="Data">The data folder.</param>
/// <param name="Run">The run's name, or null to derive it.</param>
/// <param name="Csv">Whether to write CSV.</param>
/// <param name="Parquet">Whether to write Parquet.</param>
/// <param name="Slots">Units worked on at a time.</param>
/// <param name="Json">Whether to print one JSON object at the end and nothing else.</param>
/// <param name="Inference">Where models are and what they run on.</param>
internal sealed record ProcessOptions(
    IReadOnlyList<string> Inputs, string Pipeline, string Data, string? Run, bool Csv, bool Parquet, int Slots, bool Json, InferenceSettings Inference);
