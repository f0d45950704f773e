using ActorCluster.Core;
using ActorCluster.Core.Windows;
using ActorCluster.Models;
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
    /// <exception cref="DamagedFeaturesException">A chunk's features are missing or damaged.</exception>
    public static VideoCommands.WindowsClassified Classify(NodeContext node, ClassifyWindows request)
    {
        var assets = node.Pipelines.Get(request.Run);
        var info = node.Plans.Read(request.Run.Name, request.VideoId, request.PlanHash);
        var settings = assets.Definition.Windows;
        var windows = new WindowPlan(info.Timeline.Count, settings);
        var probabilities = new Half[request.WindowCount * settings.Length * Expressions.Count];
        var flags = new FrameFlags[request.WindowCount * settings.Length];
        var (start, end) = (windows[request.FirstWindow].Start, windows[request.FirstWindow + request.WindowCount - 1].End);
        var logits = new float[FaceExpressionNet.LogitWidth];
        foreach (var chunk in ChunkPlan.Create(info.Timeline, assets.Definition.ChunkSeconds, info.Seek.SeekPoints).Where(c => c.FirstFrame < end && c.FirstFrame + c.FrameCount > start))
        {
            var features = Read(node.Features, assets.EncoderHash, info.ContentHash, chunk);
            for (var w = 0; w < request.WindowCount; w++)
            {
                var window = windows[request.FirstWindow + w];
                for (var frame = Math.Max(window.Start, chunk.FirstFrame); frame < Math.Min(window.End, chunk.FirstFrame + chunk.FrameCount); frame++)
                {
                    var (row, source) = ((w * settings.Length) + frame - window.Start, frame - chunk.FirstFrame);
                    flags[row] = features.Flags[source];
                    if (features.Flags[source].HasFlag(FrameFlags.FacePresent))
                    {
                        for (var k = 0; k < logits.Length; k++)
                        {
                            logits[k] = (float)features.Logits[(source * logits.Length) + k];
                        }

                        LogitHead.ToProbabilities(logits, PipelineAssets.Classes.AsSpan(), assets.Definition.Head.Temperature, probabilities.AsSpan(row * Expressions.Count, Expressions.Count));
                        flags[row] |= FrameFlags.Voted;
                    }
                }
            }
        }

        return new VideoCommands.WindowsClassified(request.Key, request.FirstWindow, request.WindowCount, HalfBytes.Of(probabilities), HalfBytes.Of(flags));
    }

    private static VisualChunk Read(FeatureStore store, string encoderHash, string videoHash, Chunk chunk)
    {
        try
        {
            var features = store.ReadChunk(encoderHash, videoHash, chunk.Index);
            return features.Count == chunk.FrameCount && features.LogitWidth == FaceExpressionNet.LogitWidth
                ? features
                : throw new DamagedFeaturesException(chunk.Index, new InvalidDataException($"{features.Count} rows of {features.LogitWidth} logits instead of {chunk.FrameCount} of {FaceExpressionNet.LogitWidth}."));
        }
        catch (Exception e) when (e is FeatureFileException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DamagedFeaturesException(chunk.Index, e);
        }
    }
}
