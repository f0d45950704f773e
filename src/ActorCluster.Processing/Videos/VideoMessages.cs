using System.Collections.Immutable;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Windows;
using ActorCluster.Media;
using Akka.Actor;

namespace ActorCluster.Processing.Videos;

/// <summary>What a video's actor learns from its own blocking steps.</summary>
internal static class VideoMessages
{
    /// <summary>The plan is at hand, new or read back.</summary>
    /// <param name="Pipeline">The run's pipeline.</param>
    /// <param name="Info">What the probe found.</param>
    /// <param name="PlanHash">The plan file's hash.</param>
    /// <param name="Windows">The windows.</param>
    /// <param name="ChunkEnds">Each chunk's frame end, [chunks].</param>
    /// <param name="StoredChunks">Chunks whose features are in the store.</param>
    /// <param name="AudioStored">Whether the audio levels are in the store.</param>
    internal sealed record Prepared(
        PipelineDefinition Pipeline, VideoInfo Info, string PlanHash, WindowPlan Windows, ImmutableArray<int> ChunkEnds, ImmutableArray<int> StoredChunks, bool AudioStored)
        : INoSerializationVerificationNeeded;

    /// <summary>The prediction files are in place.</summary>
    internal sealed record FilesWritten(int FaceFrames, ImmutableArray<int> LabelTotals, ImmutableArray<string> Files) : INoSerializationVerificationNeeded;

    /// <summary>A blocking step failed.</summary>
    internal sealed record StepFailed(string Stage, Exception Cause) : INoSerializationVerificationNeeded;
}
