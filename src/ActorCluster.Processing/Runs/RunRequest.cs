using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>What a user asks a cluster to process.</summary>
/// <param name="Inputs">Full paths of video files, folders or manifests, as the nodes see them; at least one.</param>
/// <param name="Pipeline">A shipped pipeline's name, or a pipeline file's full path.</param>
/// <param name="Run">The run's name; null to derive it from the inputs and the pipeline.</param>
/// <param name="Csv">Whether to write predictions as CSV.</param>
/// <param name="Parquet">Whether to write predictions as Parquet.</param>
public sealed record RunRequest(ImmutableArray<string> Inputs, string Pipeline, string? Run, bool Csv, bool Parquet) : IWireMessage;
