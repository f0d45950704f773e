using ActorCluster.Core.Labels;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Training;
using ActorCluster.Training.Evaluation;

namespace ActorCluster.Node;

/// <summary>One run of <c>actorcluster evaluate</c>.</summary>
internal static class EvaluateRun
{
    public static int Run(Request request)
    {
        var configPath = ConfigOf(request);
        var config = LabelledRun.ReadConfig(configPath);
        var network = Read(request, FusionCheckpoint.ReadConfig);
        using var signals = new StopSignals();
        using var output = new TrainOutput();
        try
        {
            var inputs = LabelledRun.Export(request.Data, request.Run, request.Splits, [request.Set], output, signals.Stop);
            output.Note(["Checking labels and features."]);
            using var set = EvaluationSet.Open(inputs, request.Set, network);
            output.Note(set.Notices);
            using var classifier = new FusionClassifier(Read(request, FusionCheckpoint.Open), request.Device, config.Batch, request.Threads);
            var settings = new EvaluationSettings(config.Windows, config.Voting, request.Calibrate);
            var result = Evaluator.Run(set, classifier, settings, output.Evaluating, signals.Stop);
            var folder = new EvaluationFolder(Path.GetFullPath(request.Output));
            folder.Write(NameOf(request.Checkpoint), result, Facts(request, config, network));
            output.Note(Summary(result, folder));
            return ExitCodes.Completed;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"The configuration '{configPath}' cannot be used: {e.Message}", e);
        }
    }

    private static string ConfigOf(Request request)
    {
        var beside = Path.GetFullPath(Path.Combine(request.Checkpoint, "..", "training.json"));
        return request.Config is { } config ? config
            : File.Exists(beside) ? beside
            : throw new UsageException($"'{beside}' does not exist. Name the configuration that the network was trained with by --config: it has the windows and the voting.");
    }

    private static T Read<T>(Request request, Func<string, T> read)
    {
        try
        {
            return read(request.Checkpoint);
        }
        catch (Exception e) when (e is CheckpointFormatException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The network '{request.Checkpoint}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The folder's name, that of the training before it when it is its <c>best</c>.</summary>
    private static string NameOf(string checkpoint)
    {
        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint)));
        return folder is { Name: "best", Parent: { } training } ? training.Name : folder.Name;
    }

    private static IReadOnlyList<(string Name, string Text)> Facts(Request request, TrainingConfig config, FusionConfig network) =>
    [
        ("Network", FormattableString.Invariant($"d = {network.HiddenSize}, l = {network.Layers}, modality dropout {network.ModalityDropout.Probability}")),
        ("Modalities", $"{network.Modalities}".ToLowerInvariant()),
        ("Visual encoder", $"{network.VisualEncoder}, {network.VisualWidth} values"),
        ("Audio encoder", $"{network.AudioEncoder}, {network.AudioWidth} values"),
        ("Run", request.Run),
        ("Windows", $"{config.Windows.Length} frames, one every {config.Windows.Stride}"),
        ("Voting", FormattableString.Invariant($"median over {config.Voting.MedianKernel} frames of {$"{config.Voting.MedianOver}".ToLowerInvariant()}, imputed within {config.Voting.ImputeWithinSeconds} s")),
        ("Computed on", $"{request.Device}, {request.Threads} threads, {config.Batch} windows at a time, {TorchRuntime.Version}"),
    ];

    private static IEnumerable<string> Summary(EvaluationResult result, EvaluationFolder folder)
    {
        foreach (var (name, score) in new[] { ("raw", result.Raw), ("voted", result.Voted), ("smoothed", result.Smoothed) })
        {
            var (all, interval) = (score.All, score.All.Intervals.MacroF1);
            yield return FormattableString.Invariant(
                $"{name,-9} macro F1 {all.Score.MacroF1:F4} ({interval.Low:F3} to {interval.High:F3}), accuracy {all.Score.Accuracy:F4}; with a face {score.WithFace.Score.MacroF1:F4}, {score.WithFace.Score.Accuracy:F4}");
        }

        var trivial = result.Smoothed.All;
        yield return FormattableString.Invariant($"always {trivial.BaselineLabel}: macro F1 {trivial.Baseline.MacroF1:F4}, accuracy {trivial.Baseline.Accuracy:F4}");
        yield return $"The report: {folder.Page}";
    }

    /// <summary>What the command line asks for.</summary>
    internal sealed record Request(
        string Checkpoint, string Run, string Data, string Splits, DatasetSplit Set, string Output, string? Config, bool Calibrate, TorchDevice Device, int Threads);
}
