using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorCluster.Core;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Voting;
using ActorCluster.Core.Windows;
using ActorCluster.Models.Fusion;
using ActorCluster.Storage;

namespace ActorCluster.Training;

/// <summary>Runs a network over a whole video through the very classes that inference runs: windows, classifier, soft voting.</summary>
internal static class VideoVoting
{
    /// <summary>Sees what one window says.</summary>
    /// <param name="window">The window.</param>
    /// <param name="probabilities">Probabilities, [T, 8].</param>
    /// <param name="flags">Flags, [T]; <see cref="FrameFlags.Voted"/> where the window votes for the frame.</param>
    public delegate void WindowVote(FrameWindow window, ReadOnlySpan<Half> probabilities, ReadOnlySpan<FrameFlags> flags);

    /// <summary>Votes.</summary>
    /// <param name="classifier">The network.</param>
    /// <param name="features">The video.</param>
    /// <param name="masks">What the network may see and hear of it.</param>
    /// <param name="settings">Windows.</param>
    /// <param name="onWindow">Sees every window in order, before it votes.</param>
    /// <returns>Every frame of the video.</returns>
    public static FramesDecided Vote(FusionClassifier classifier, FrameFeatures features, PresenceMasks masks, WindowSettings settings, WindowVote onWindow)
    {
        var (plan, length) = (new WindowPlan(features.Count, settings), settings.Length);
        var state = VotingState.Create(features.Count, settings);
        for (var first = 0; first < plan.Count; first += classifier.Batch)
        {
            List<FrameWindow> windows = [.. Enumerable.Range(first, Math.Min(classifier.Batch, plan.Count - first)).Select(w => plan[w])];
            var probabilities = new Half[windows.Count * length * Expressions.Count];
            var flags = new FrameFlags[windows.Count * length];
            for (var w = 0; w < windows.Count; w++)
            {
                for (var i = 0; i < windows[w].Length; i++)
                {
                    var frame = windows[w].Start + i;
                    flags[(w * length) + i] = (masks.Face[frame] ? FrameFlags.FacePresent : FrameFlags.None) | (features.Decoded[frame] ? FrameFlags.Decoded : FrameFlags.None);
                }
            }

            classifier.Vote(Read(features, masks, windows, classifier.Config), probabilities, flags);
            for (var w = 0; w < windows.Count; w++)
            {
                onWindow(windows[w], probabilities.AsSpan(w * length * Expressions.Count, length * Expressions.Count), flags.AsSpan(w * length, length));
            }

            var votes = new WindowVotes(
                first, windows.Count, ImmutableCollectionsMarshal.AsImmutableArray(probabilities), ImmutableCollectionsMarshal.AsImmutableArray(flags));
            var decided = state.Process(votes);
            state = state.Accept(votes);
            foreach (var frames in decided)
            {
                state = state.Apply(frames);
            }
        }

        return state.Flatten();
    }

    private static FusionWindow[] Read(FrameFeatures features, PresenceMasks masks, List<FrameWindow> windows, FusionConfig config)
    {
        var (start, end) = (windows[0].Start, windows[^1].End);
        var (visual, audio) = (new Half[(end - start) * config.VisualWidth], new Half[(end - start) * config.AudioWidth]);
        features.ReadVisual(start, MemoryMarshal.AsBytes(visual.AsSpan()));
        features.ReadAudio(start, MemoryMarshal.AsBytes(audio.AsSpan()));
        return
        [
            .. windows.Select(w => new FusionWindow(
                visual.AsMemory((w.Start - start) * config.VisualWidth, w.Length * config.VisualWidth),
                audio.AsMemory((w.Start - start) * config.AudioWidth, w.Length * config.AudioWidth),
                masks.Face.AsMemory().Slice(w.Start, w.Length),
                masks.Audio.AsMemory().Slice(w.Start, w.Length))),
        ];
    }
}
