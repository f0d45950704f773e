using ActorCluster.Core;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>The features that a pipeline has in the store, frame by frame: what inference classifies and training learns from, read by one function.</summary>
/// <param name="Store">The store.</param>
/// <param name="Definition">The pipeline.</param>
/// <param name="VisualKey">The key of the visual features.</param>
/// <param name="VisualWidth">The length D of a visual feature vector.</param>
/// <param name="LogitWidth">The number L of logits.</param>
/// <param name="AudioKey">The key of the audio features.</param>
/// <param name="Audio">The audio encoder's side of the decoder; null without one.</param>
internal sealed record StoredFeatures(
    FeatureStore Store, PipelineDefinition Definition, string VisualKey, int VisualWidth, int LogitWidth, string AudioKey, AudioInput? Audio)
{
    /// <summary>Those of a loaded pipeline.</summary>
    public static StoredFeatures Of(FeatureStore store, PipelineAssets assets, string audioKey) =>
        new(store, assets.Definition, assets.EncoderHash, assets.Visual.FeatureWidth, assets.Visual.LogitWidth, audioKey, assets.Audio);

    /// <summary>Reads the rows of consecutive frames.</summary>
    /// <param name="info">The video.</param>
    /// <param name="start">The first frame.</param>
    /// <param name="end">The frame after the last.</param>
    /// <exception cref="DamagedFeaturesException">A chunk's features are missing or damaged.</exception>
    /// <exception cref="DamagedAudioException">Features of the audio track are missing or damaged.</exception>
    public FrameRows Read(VideoInfo info, int start, int end)
    {
        var (flags, visual, logits) = (new FrameFlags[end - start], new Half[(end - start) * VisualWidth], new Half[(end - start) * LogitWidth]);
        foreach (var chunk in ChunkPlan.Create(info.Timeline, Definition.ChunkSeconds, info.Seek.SeekPoints).Where(c => c.FirstFrame < end && c.FirstFrame + c.FrameCount > start))
        {
            var features = Read(info.ContentHash, chunk);
            var (from, to) = (Math.Max(start, chunk.FirstFrame), Math.Min(end, chunk.FirstFrame + chunk.FrameCount));
            Copy(features.Flags, flags, 1);
            Copy(features.Features, visual, VisualWidth);
            Copy(features.Logits, logits, LogitWidth);

            void Copy<T>(T[] source, T[] target, int width) =>
                source.AsSpan((from - chunk.FirstFrame) * width, (to - from) * width).CopyTo(target.AsSpan((from - start) * width));
        }

        var rows = new FrameRows(start, flags, visual, logits, [], []);
        return Audio is null ? rows : FrameAudio.Read(this, info, rows);
    }

    private VisualChunk Read(string videoHash, Chunk chunk)
    {
        try
        {
            var features = Store.ReadChunk(VisualKey, videoHash, chunk.Index);
            return (features.Count, features.FeatureWidth, features.LogitWidth) == (chunk.FrameCount, VisualWidth, LogitWidth)
                ? features
                : throw new DamagedFeaturesException(chunk.Index, new InvalidDataException(
                    $"{features.Count} rows of {features.FeatureWidth} features and {features.LogitWidth} logits instead of {chunk.FrameCount} of {VisualWidth} and {LogitWidth}."));
        }
        catch (Exception e) when (e is FeatureFileException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DamagedFeaturesException(chunk.Index, e);
        }
    }
}
