using ActorCluster.Core;
using ActorCluster.Core.Windows;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Videos;
using ActorCluster.Processing.Voting;
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
        var rows = StoredFeatures.Of(node.Features, assets, request.Run.AudioKey).Read(info, windows[0].Start, windows[^1].End);
        var probabilities = new Half[request.WindowCount * settings.Length * Expressions.Count];
        var flags = new FrameFlags[request.WindowCount * settings.Length];
        for (var w = 0; w < windows.Count; w++)
        {
            rows.Flags.AsSpan(windows[w].Start - rows.FirstFrame, windows[w].End - windows[w].Start).CopyTo(flags.AsSpan(w * settings.Length));
        }

        head.Classify(rows, windows, settings.Length, probabilities, flags);
        return new VideoCommands.WindowsClassified(request.Key, request.FirstWindow, request.WindowCount, HalfBytes.Of(probabilities), HalfBytes.Of(flags));
    }
}
