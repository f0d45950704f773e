using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorCluster.Core;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Scoring;
using ActorCluster.Core.Voting;
using ActorCluster.Core.Windows;
using ActorCluster.Models.Fusion;

namespace ActorCluster.Training;

/// <summary>Scores a network on whole videos, through the very classes that inference runs: classifier, soft voting, median filter, imputation.</summary>
internal sealed class Validator
{
    private readonly ImmutableArray<TrainingVideo> _videos;
    private readonly TrainingConfig _config;
    private readonly FocalLoss _loss;

    /// <summary>Prepares for videos.</summary>
    /// <param name="videos">The videos, at least one label among them.</param>
    /// <param name="config">Windows and voting.</param>
    /// <param name="loss">The loss to report.</param>
    public Validator(ImmutableArray<TrainingVideo> videos, TrainingConfig config, FocalLoss loss) => (_videos, _config, _loss) = (videos, config, loss);

    /// <summary>Scores a network.</summary>
    /// <param name="classifier">The network.</param>
    /// <param name="progress">Told after every video how many are done.</param>
    public ValidationScore Score(FusionClassifier classifier, Action<int>? progress = null)
    {
        var (windows, voted, smoothed) = (new Predictions(), new Predictions(), new Predictions());
        var (loss, rows) = (0.0, 0L);
        for (var v = 0; v < _videos.Length; v++)
        {
            var video = _videos[v];
            var decided = Vote(classifier, video, (probabilities, label) =>
            {
                loss += _loss.Of((double)probabilities[label], label);
                rows++;
                windows.Add(label, IndexOfHighest(probabilities));
            });
            Add(voted, video, decided, _config.Voting with { MedianKernel = 1 }, classifier.Config);
            Add(smoothed, video, decided, _config.Voting, classifier.Config);
            progress?.Invoke(v + 1);
        }

        return ValidationScore.Of(rows == 0 ? 0 : loss / rows, windows.Matrix, voted.Matrix, smoothed.Matrix);
    }

    private delegate void WindowRow(ReadOnlySpan<Half> probabilities, sbyte label);

    private FramesDecided Vote(FusionClassifier classifier, TrainingVideo video, WindowRow onRow)
    {
        var (plan, length) = (new WindowPlan(video.Features.Count, _config.Windows), _config.Windows.Length);
        var state = VotingState.Create(video.Features.Count, _config.Windows);
        for (var first = 0; first < plan.Count; first += classifier.Batch)
        {
            List<FrameWindow> windows = [.. Enumerable.Range(first, Math.Min(classifier.Batch, plan.Count - first)).Select(w => plan[w])];
            var probabilities = new Half[windows.Count * length * Expressions.Count];
            var flags = new FrameFlags[windows.Count * length];
            classifier.Vote(Read(video, windows, classifier.Config), probabilities, flags);
            for (var w = 0; w < windows.Count; w++)
            {
                for (var i = 0; i < windows[w].Length; i++)
                {
                    var (row, frame) = ((w * length) + i, windows[w].Start + i);
                    if ((flags[row] & FrameFlags.Voted) != 0 && video.Labels[frame] >= 0)
                    {
                        onRow(probabilities.AsSpan(row * Expressions.Count, Expressions.Count), video.Labels[frame]);
                    }
                }
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

    private static FusionWindow[] Read(TrainingVideo video, List<FrameWindow> windows, FusionConfig config)
    {
        var (features, start, end) = (video.Features, windows[0].Start, windows[^1].End);
        var (visual, audio) = (new Half[(end - start) * config.VisualWidth], new Half[(end - start) * config.AudioWidth]);
        features.ReadVisual(start, MemoryMarshal.AsBytes(visual.AsSpan()));
        features.ReadAudio(start, MemoryMarshal.AsBytes(audio.AsSpan()));
        return
        [
            .. windows.Select(w => new FusionWindow(
                visual.AsMemory((w.Start - start) * config.VisualWidth, w.Length * config.VisualWidth),
                audio.AsMemory((w.Start - start) * config.AudioWidth, w.Length * config.AudioWidth),
                features.FacePresent.AsMemory().Slice(w.Start, w.Length),
                features.AudioPresent.AsMemory().Slice(w.Start, w.Length))),
        ];
    }

    private static void Add(Predictions predictions, TrainingVideo video, FramesDecided decided, VotingSettings voting, FusionConfig config)
    {
        var rows = PostProcessing.Predict(decided, video.Features.Info.Timeline, voting, config.Prior.AsSpan(), video.Features.AudioPresent.AsSpan());
        for (var frame = 0; frame < rows.Count; frame++)
        {
            if (video.Labels[frame] >= 0)
            {
                predictions.Add(video.Labels[frame], (int)rows.Labels[frame]);
            }
        }
    }

    private static int IndexOfHighest(ReadOnlySpan<Half> probabilities)
    {
        var highest = 0;
        for (var k = 1; k < probabilities.Length; k++)
        {
            highest = probabilities[k] > probabilities[highest] ? k : highest;
        }

        return highest;
    }

    /// <summary>Counts of labels and predictions.</summary>
    private sealed class Predictions
    {
        private readonly long[] _counts = new long[Expressions.Count * Expressions.Count];

        public ConfusionMatrix Matrix => new([.. _counts]);

        public void Add(sbyte label, int prediction) => _counts[(label * Expressions.Count) + prediction]++;
    }
}
