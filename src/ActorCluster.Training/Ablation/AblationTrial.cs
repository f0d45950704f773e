using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Scoring;
using ActorCluster.Core.Voting;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;
using ActorCluster.Training.Evaluation;

namespace ActorCluster.Training.Ablation;

/// <summary>One cell with one seed: a training, then its score under every condition, in a folder of its own.</summary>
public sealed class AblationTrial
{
    /// <summary>Each trial has one CPU thread, so that as many of them as there are slots fill the cores.</summary>
    private const int Threads = 1;

    private const string Stage = "ablation";
    private const int LargestFile = 64 << 20;

    private readonly AblationPlan _plan;
    private readonly TorchDevice _device;
    private readonly string _resultFile;
    private readonly string _identity;

    internal AblationTrial(AblationPlan plan, AblationCell cell, long seed, string folder, TorchDevice device)
    {
        (_plan, Cell, Seed, _device) = (plan, cell, seed, device);
        Folder = Path.Combine(folder, "trials", cell.Name, FormattableString.Invariant($"seed-{seed}"));
        _resultFile = Path.Combine(Folder, "result.json");
        var evaluate = JsonSerializer.Serialize(plan.Evaluate, AblationJson.Options);
        string[] parts = [Convert.ToHexStringLower(SHA256.HashData(cell.Config.ToJson())), plan.VideosHash, $"{seed}", $"{device}", $"{Threads}", evaluate, TorchRuntime.Version];
        _identity = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(parts)));
    }

    /// <summary>The cell.</summary>
    public AblationCell Cell { get; }

    /// <summary>The seed.</summary>
    public long Seed { get; }

    /// <summary>The trial's folder: a <see cref="TrainingFolder"/> with <c>result.json</c>.</summary>
    public string Folder { get; }

    /// <summary>The name for people.</summary>
    public string Name => $"{Cell.Name}, seed {Seed}";

    /// <summary>Reads the result.</summary>
    /// <returns>Null when there is none yet.</returns>
    /// <exception cref="EnvironmentFaultException">It is another trial's or cannot be read.</exception>
    public TrialResult? Read()
    {
        if (!File.Exists(_resultFile))
        {
            return null;
        }

        try
        {
            var result = new FileInfo(_resultFile).Length <= LargestFile
                ? JsonSerializer.Deserialize<TrialResult>(File.ReadAllBytes(_resultFile), AblationJson.Options) ?? throw new FormatException("It is null.")
                : throw new FormatException($"It has more than {LargestFile} bytes.");
            return result.Identity == _identity
                ? result
                : throw new EnvironmentFaultException(
                    Stage,
                    $"'{_resultFile}' is the result of other settings, videos or libraries than those of {Name}.",
                    "Choose another --out or name the cell otherwise; if only what is evaluated has changed, remove that file, and the trial is scored again.");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new EnvironmentFaultException(Stage, $"The result '{_resultFile}' is damaged: {e.Message}", "Remove it: the trial is scored again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException(Stage, $"The result '{_resultFile}' cannot be read: {e.Message}", "Check the disk and the permissions, then start again.", e);
        }
    }

    /// <summary>Trains, or goes on where the trial was stopped, scores, and stores the result.</summary>
    /// <param name="set">The plan's videos; other trials may use them at the same time.</param>
    /// <param name="progress">Told after every step, and with a finished epoch's result.</param>
    /// <param name="scored">Told after every scored video.</param>
    /// <param name="stop">Stops after the present step or video, with the state stored.</param>
    /// <returns>The result; null when it was stopped, and the same call goes on.</returns>
    /// <exception cref="InputFaultException">The videos of the test split are not what the network can be scored on.</exception>
    /// <exception cref="EnvironmentFaultException">As <see cref="Trainer.Run"/>. A training that diverges is a result.</exception>
    public TrialResult? Run(TrainingSet set, Action<TrainingProgress> progress, Action scored, CancellationToken stop)
    {
        if (Read() is { } there)
        {
            return there;
        }

        TrialResult result;
        try
        {
            using var trainer = new Trainer(set, Cell.Config, new TrainingOptions(Folder, Seed, Modalities.Both, _device, Threads));
            var outcome = trainer.Run(progress, stop);
            if (!outcome.Ended)
            {
                return null;
            }

            result = new TrialResult(_identity, outcome.Epochs.Length, outcome.Best!.Epoch, null, Score(set, scored, stop), set.Notices);
        }
        catch (DivergedException e)
        {
            result = new TrialResult(_identity, e.Epoch - 1, null, e.Epoch, [], set.Notices);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }

        AtomicFile.Write(_resultFile, stream => JsonSerializer.Serialize(stream, result, AblationJson.Options));
        return result;
    }

    private ImmutableArray<TrialScore> Score(TrainingSet set, Action scored, CancellationToken stop)
    {
        var network = FusionCheckpoint.Open(new TrainingFolder(Folder).Best);
        using var classifier = new FusionClassifier(network, _device, Cell.Config.Batch, Threads);
        using var test = _plan.Evaluate.Set == DatasetSplit.Test ? EvaluationSet.Open(_plan.Videos, DatasetSplit.Test, network.Config) : null;
        var videos = test?.Videos ?? set.Validation;
        return [.. _plan.Evaluate.Conditions.Select(condition => new TrialScore(condition.Name, [.. videos.Select(v => Count(classifier, v, condition))]))];

        ImmutableArray<long> Count(FusionClassifier classifier, TrainingVideo video, MaskCondition condition)
        {
            stop.ThrowIfCancellationRequested();
            var masks = condition.Of(video, AblationScoring.Seed);
            var decided = VideoVoting.Vote(classifier, video.Features, masks, Cell.Config.Windows, (_, _, _) => { });
            var predictions = PostProcessing.Predict(decided, video.Features.Info.Timeline, Cell.Config.Voting, classifier.Config.Prior.AsSpan(), masks.Audio.AsSpan());
            scored();
            return ConfusionMatrix.Of(video.Labels.AsSpan(), [.. predictions.Labels.Select(l => (sbyte)l)]).Counts;
        }
    }
}
