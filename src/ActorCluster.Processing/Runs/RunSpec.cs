using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>What a run is, in a form small enough to travel; the manifest and the pipeline are files, named here by their hashes.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="ManifestHash">SHA-256 of the frozen manifest file.</param>
/// <param name="Videos">The number of videos in it.</param>
/// <param name="PipelineName">The pipeline's name.</param>
/// <param name="PipelineHash">The canonical hash of the pipeline.</param>
/// <param name="PipelineFolder">The folder that the pipeline's model paths are relative to.</param>
/// <param name="EncoderHash">The key of the encoder's features; a node with other weights, versions or hardware is refused.</param>
/// <param name="Csv">Whether predictions are written as CSV.</param>
/// <param name="Parquet">Whether predictions are written as Parquet.</param>
/// <param name="AudioHash">The key of the audio encoder's features; null when the visual encoder's key covers the audio levels.</param>
/// <param name="FusionHash">What the window probabilities depend on beside the features; null without a fusion network.</param>
internal sealed record RunSpec(
    string Name, string ManifestHash, int Videos, string PipelineName, string PipelineHash, string PipelineFolder, string EncoderHash, bool Csv, bool Parquet,
    string? AudioHash, string? FusionHash) : IWireMessage
{
    /// <summary>The key under which what is known of the audio track is stored.</summary>
    public string AudioKey => AudioHash ?? EncoderHash;
}
