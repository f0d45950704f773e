using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Scoring;
using ActorCluster.Core.Voting;
using ActorCluster.Models.Fusion;

namespace ActorCluster.Training.Evaluation;

/// <summary>
/// Evaluates a fusion network on whole videos, through the very classes that inference runs. Each video is classified once as it is and once for each thing that
/// is hidden from the network; memory does not grow with the features.
/// </summary>
public sealed class Evaluator
{
    private const string Stage = "evaluation";

    private readonly EvaluationSet _set;
    private readonly FusionClassifier _classifier;
    private readonly EvaluationSettings _settings;
    private readonly ImmutableArray<MaskCondition> _conditions;
    private readonly VideoMatrices _raw = new();
    private readonly VideoMatrices _voted = new();
    private readonly VideoMatrices _smoothed = new();
    private readonly VideoMatrices[] _hidden;
    private readonly long[] _hiddenFaces;
    private readonly VideoMatrices[] _medians;
    private readonly VideoMatrices[] _means;
    private readonly List<LogProbabilities> _logs = [];

    private Evaluator(EvaluationSet set, FusionClassifier classifier, EvaluationSettings settings)
    {
        (_set, _classifier, _settings) = (set, classifier, settings);
        _conditions = MaskCondition.For(classifier.Config.Modalities);
        _hidden = [.. _conditions.Select(_ => new VideoMatrices())];
        _hiddenFaces = new long[_conditions.Length];
        _medians = [.. settings.Kernels.Select(_ => new VideoMatrices())];
        _means = [.. settings.Kernels.Select(_ => new VideoMatrices())];
    }

    /// <summary>Evaluates.</summary>
    /// <param name="set">The videos.</param>
    /// <param name="classifier">The network that they were checked for.</param>
    /// <param name="settings">How.</param>
    /// <param name="progress">Told how many passes over a video of how many are done; null for nobody.</param>
    /// <param name="stop">Stops after the present pass.</param>
    /// <exception cref="ArgumentException">The windows are not of the network's length, or a calibration is asked for where the median filter runs over labels.</exception>
    /// <exception cref="InputFaultException">Stage <c>evaluation</c>: a calibration is asked for, but all videos are of one base video.</exception>
    /// <exception cref="EnvironmentFaultException">A feature file cannot be read any more, or libtorch failed.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static EvaluationResult Run(
        EvaluationSet set, FusionClassifier classifier, EvaluationSettings settings, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        if (settings.Windows.Length != classifier.Config.WindowLength)
        {
            throw new ArgumentException($"windows.length is {settings.Windows.Length}, but the network was trained with windows of {classifier.Config.WindowLength} frames.", nameof(settings));
        }

        if (settings.Calibrate && settings.Voting.MedianOver != MedianOver.Probabilities)
        {
            throw new ArgumentException("a calibration needs probabilities that the median filter has seen: set voting.medianOver to \"probabilities\".", nameof(settings));
        }

        if (settings.Calibrate && set.Videos.DistinctBy(v => BaseVideo.Of(v.Id), StringComparer.Ordinal).Count() < 2)
        {
            throw new InputFaultException(Stage, "a calibration is fitted on other videos than it is scored on, but there is one video only. Leave --calibrate out.");
        }

        var evaluator = new Evaluator(set, classifier, settings);
        var (done, all) = (0, set.Videos.Length * evaluator._conditions.Length);
        foreach (var video in set.Videos)
        {
            for (var c = 0; c < evaluator._conditions.Length; c++)
            {
                stop.ThrowIfCancellationRequested();
                evaluator.Pass(video, c);
                progress?.Invoke(++done, all);
            }
        }

        return evaluator.Result();
    }

    private void Pass(TrainingVideo video, int condition)
    {
        var features = video.Features;
        var masks = _conditions[condition].Of(video, _settings.Seed);
        var central = new CentralWindows(features.Count);
        var decided = VideoVoting.Vote(_classifier, features, masks, _settings.Windows, central.Add);
        var smoothed = Predict(decided, _settings.Voting.MedianKernel);
        bool[] hides = [.. features.FacePresent.Zip(masks.Face, (was, isStill) => was && !isStill)];
        _hidden[condition].Add(video, smoothed, hides);
        _hiddenFaces[condition] += hides.Count(h => h);
        if (_conditions[condition] != MaskCondition.Everything)
        {
            return;
        }

        var face = features.FacePresent.AsSpan();
        _raw.Add(video, Predict(central.Frames, kernel: 1), face);
        _voted.Add(video, Predict(decided, kernel: 1), face);
        _smoothed.Add(video, smoothed, face);
        for (var k = 0; k < _settings.Kernels.Length; k++)
        {
            _medians[k].Add(video, Predict(decided, _settings.Kernels[k]), face);
            _means[k].Add(video, Predict(BoxFilter.Filter(decided, _settings.Kernels[k]), kernel: 1), face);
        }

        if (_settings.Calibrate)
        {
            _logs.Add(LogProbabilities.Of(video, smoothed));
        }

        FramePredictions Predict(FramesDecided frames, int kernel) => PostProcessing.Predict(
            frames, features.Info.Timeline, _settings.Voting with { MedianKernel = kernel }, _classifier.Config.Prior.AsSpan(), masks.Audio.AsSpan());
    }

    private EvaluationResult Result()
    {
        var faces = _set.Videos.Sum(v => v.Features.FacePresent.LongCount(f => f));
        return new EvaluationResult(
            _set.Split,
            _settings,
            _raw.ToScore(),
            _voted.ToScore(),
            _smoothed.ToScore(),
            VideoBootstrap.Difference(_raw.All, _voted.All),
            VideoBootstrap.Difference(_voted.All, _smoothed.All),
            [.. _conditions.Select((c, i) => new RobustnessScore(
                c.Name,
                faces == 0 ? 0 : (double)_hiddenFaces[i] / faces,
                PooledScore.Of(_hidden[i].All),
                _hidden[i].Marked.Any(m => m.Frames > 0) ? PooledScore.Of(_hidden[i].Marked) : null,
                VideoBootstrap.Difference(_hidden[0].All, _hidden[i].All)))],
            [.. _settings.Kernels.Select((kernel, k) => Of(kernel, _medians[k], _means[k]))],
            _settings.Calibrate ? Calibrate() : null,
            [.. _set.Videos.Select((v, i) => (v.Id, ExpressionScore.Of(_smoothed.All[i])))]);
    }

    private static SmoothingScore Of(int kernel, VideoMatrices median, VideoMatrices mean)
    {
        var (a, b) = (ExpressionScore.Of(ConfusionMatrix.Sum(median.All)), ExpressionScore.Of(ConfusionMatrix.Sum(mean.All)));
        return new SmoothingScore(kernel, a.MacroF1, a.Accuracy, b.MacroF1, b.Accuracy);
    }

    private CalibrationScore Calibrate()
    {
        var folds = LogitBias.Folds(_logs, _settings.Folds);
        var (biases, videos) = LogitBias.CrossValidate(_logs, folds);
        return new CalibrationScore(PooledScore.Of(videos), VideoBootstrap.Difference(_smoothed.All, videos), biases, folds);
    }
}
