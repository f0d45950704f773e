using System.Collections.Immutable;
using ActorCluster.Core.Pipelines;

namespace ActorCluster.Training.Encoders;

/// <summary>What is to be trained, on what.</summary>
public sealed record EncoderTrainingRequest
{
    /// <summary>What is trained.</summary>
    public required EncoderKind Kind { get; init; }

    /// <summary>The manifest, CSV or JSON lines: each video of the split with its labels, and its crops where the pipeline takes aligned faces.</summary>
    public required string Manifest { get; init; }

    /// <summary>The split, CSV with <c>id,split</c>; what is for test is left aside.</summary>
    public required string Splits { get; init; }

    /// <summary>The pipeline that the encoder is for: training sees the faces and the sound that it will show. Its encoders are not read.</summary>
    public required PipelineDefinition Pipeline { get; init; }

    /// <summary>The face detector's file; null where the pipeline detects no faces.</summary>
    public string? Detector { get; init; }

    /// <summary>The folder that receives the checkpoint, and until then what training keeps.</summary>
    public required string Output { get; init; }

    /// <summary>The folder of the checkpoint to go on from; null to train from nothing.</summary>
    public string? Model { get; init; }

    /// <summary>The <c>config.json</c> of the architecture to train from nothing; null to go on from a checkpoint.</summary>
    public string? Size { get; init; }

    /// <summary>How it is trained.</summary>
    public required EncoderTrainingConfig Config { get; init; }

    /// <summary>The seed of first values, samples and variations.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Names or starts of names, cut at a dot, of parameters that keep their values, such as <c>embeddings</c> or <c>encoder.layer.0</c>.</summary>
    public ImmutableArray<string> Frozen { get; init; } = [];

    /// <summary>Threads of the matrix products, at least 1. Sums, and so weights, depend on it.</summary>
    public required int Threads { get; init; }
}
