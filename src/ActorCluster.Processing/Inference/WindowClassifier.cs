using ActorCluster.Core;
using ActorCluster.Core.Windows;
using ActorCluster.Media;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Videos;
using ActorCluster.Processing.Voting;
using ActorCluster.Storage;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>Window probabilities from stored half-float features, so that they are the same now and after any recovery.</summary>
internal static class WindowClassifier
{
    /// <summary>Rows (windows x T) that one answer may carry, so that it stays well under the 64 KiB that a message may have.</summary>
    public const int LargestAnswer = 3_000;

    /// <summary>Classifies consecutive windows.</summary>
    /// <param name="node">The process.</param>
    /// <param name="request">Which windows of which video.</param>
    /// <param name="head">The pipeline's head.</param>
    /// <exception cref="DamagedFeaturesException">A chunk's features are missing or damaged.</exception>
    /// <exception cref="DamagedAudioException">Features of the audio track are missing or damaged.</exception>
    public static VideoCommands.WindowsClassified Classify(NodeContext node, ClassifyWindows request, IWindowHead head)
    {
        var assets = node.Pipelines.Get(request.Run);
        var info = node.Plans.Read(request.Run.Name, request.VideoId, request.PlanHash);
        var settings = assets.Definition.Windows;
        var plan = new WindowPlan(info.Timeline.Count, settings);
        var windows = Enumerable.Range(request.FirstWindow, request.WindowCount).Select(w => plan[w]).ToList();
        node.Data.RequirePresent(); // Or every stored chunk would look lost.
        var rows = Read(node.Features, assets, request.Run.AudioKey, info, windows[0].Start, windows[^1].End);
        var probabilities = new Half[request.WindowCount * settings.Length * Expressions.Count];
        var flags = new FrameFlags[request.WindowCount * settings.Length];
        for (var w = 0; w < windows.Count; w++)
        {
            rows.Flags.AsSpan(windows[w].Start - rows.FirstFrame, windows[w].End - windows[w].Start).CopyTo(flags.AsSpan(w * settings.Length));
        }

        head.Classify(rows, windows, settings.Length, probabilities, flags);
        return new VideoCommands.WindowsClassified(request.Key, request.FirstWindow, request.WindowCount, HalfBytes.Of(probabilities), HalfBytes.Of(flags));
    }

    private static FrameRows Read(FeatureStore store, PipelineAssets assets, string audioKey, VideoInfo info, int start, int end)
    {
        var input = assets.Visual;
        var (flags, visual, logits) = (new FrameFlags[end - start], new Half[(end - start) * input.FeatureWidth], new Half[(end - start) * input.LogitWidth]);
        foreach (var chunk in ChunkPlan.Create(info.Timeline, assets.Definition.ChunkSeconds, info.Seek.SeekPoints).Where(c => c.FirstFrame < end && c.FirstFrame + c.FrameCount > start))
        {
            var features = Read(store, assets, info.ContentHash, chunk);
            var (from, to) = (Math.Max(start, chunk.FirstFrame), Math.Min(end, chunk.FirstFrame + chunk.FrameCount));
            Copy(features.Flags, flags, 1);
            Copy(features.Features, visual, input.FeatureWidth);
            Copy(features.Logits, logits, input.LogitWidth);

            void Copy<T>(T[] source, T[] target, int width) =>
                source.AsSpan((from - chunk.FirstFrame) * width, (to - from) * width).CopyTo(target.AsSpan((from - start) * width));
        }

        return assets.Audio is null
            ? new FrameRows(start, flags, visual, logits, [], [])
            : FrameAudio.Read(store, assets, audioKey, info, new FrameRows(start, flags, visual, logits, [], []));
    }

    private static VisualChunk Read(FeatureStore store, PipelineAssets assets, string videoHash, Chunk chunk)
    {
        try
        {
            var features = store.ReadChunk(assets.EncoderHash, videoHash, chunk.Index);
            var (rows, width, logits) = (chunk.FrameCount, assets.Visual.FeatureWidth, assets.Visual.LogitWidth);
            return (features.Count, features.FeatureWidth, features.LogitWidth) == (rows, width, logits)
                ? features
                : throw new DamagedFeaturesException(chunk.Index, new InvalidDataException(
                    $"{features.Count} rows of {features.FeatureWidth} features and {features.LogitWidth} logits instead of {rows} of {width} and {logits}."));
        }
        catch (Exception e) when (e is FeatureFileException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DamagedFeaturesException(chunk.Index, e);
        }
    }
}
