using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Scoring;
using ActorCluster.Core.Voting;
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
            var decided = VideoVoting.Vote(classifier, video.Features, PresenceMasks.Of(video.Features), _config.Windows, (window, probabilities, flags) =>
            {
                for (var i = 0; i < window.Length; i++)
                {
                    var label = video.Labels[window.Start + i];
                    if ((flags[i] & FrameFlags.Voted) != 0 && label >= 0)
                    {
                        var row = probabilities.Slice(i * Expressions.Count, Expressions.Count);
                        loss += _loss.Of((double)row[label], label);
                        rows++;
                        windows.Add(label, IndexOfHighest(row));
                    }
                }
            });
            Add(voted, video, decided, _config.Voting with { MedianKernel = 1 }, classifier.Config);
            Add(smoothed, video, decided, _config.Voting, classifier.Config);
            progress?.Invoke(v + 1);
        }

        return ValidationScore.Of(rows == 0 ? 0 : loss / rows, windows.Matrix, voted.Matrix, smoothed.Matrix);
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
