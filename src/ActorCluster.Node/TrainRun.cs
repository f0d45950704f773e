using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Processing.Inference;
using ActorCluster.Storage;
using ActorCluster.Training;

namespace ActorCluster.Node;

/// <summary>One run of <c>actorcluster train</c>.</summary>
internal static class TrainRun
{
    /// <summary>The configuration that ships.</summary>
    public static string ShippedConfig => Path.Combine(AppContext.BaseDirectory, "configs", "training", "paper.json");

    public static int Run(Request request)
    {
        var config = ReadConfig(request);
        var splits = ReadSplits(request.Splits);
        using var signals = new StopSignals();
        using var output = new TrainOutput();
        try
        {
            var exported = FrameFeatureExport.Export(
                new DataDirectory(request.Data), request.Run, id => splits.Find(id) is DatasetSplit.Train or DatasetSplit.Validation, output.Exporting, signals.Stop);
            output.Note([.. exported.LeftOut.Select(l => $"left out: {l}"), .. splits.Leaks.Select(v => $"{v}: its persons are in different splits; the validation score will be too good.")]);
            return Train(request, config, Inputs(request, splits, exported), output, signals.Stop);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (InputFaultException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static int Train(Request request, TrainingConfig config, List<TrainingInput> inputs, TrainOutput output, CancellationToken stop)
    {
        output.Note(["Checking labels and features."]);
        using var set = TrainingSet.Open(inputs);
        output.Note(set.Notices);
        using var trainer = Create(request, config, set);
        output.Note([$"{set.Train.Length} training and {set.Validation.Length} validation videos, {trainer.Windows} training windows ({trainer.UnlabelledWindows} without a label left out)."]);
        var outcome = trainer.Run(output.Training, stop);
        if (!outcome.Ended)
        {
            output.Note(["Stopped. The same command goes on."]);
            return ExitCodes.Interrupted;
        }

        var folder = new TrainingFolder(Path.GetFullPath(request.Output));
        output.Note(
        [
            $"Best epoch {outcome.Best!.Epoch} of {outcome.Epochs.Length}: macro F1 {outcome.Best.Validation.SmoothedF1:F4}, accuracy {outcome.Best.Validation.Accuracy:F4} on {outcome.Best.Validation.Frames} frames.",
            $"The network is in {folder.Best}: name it as fusion.checkpoint of a pipeline. The course: {folder.Report}",
        ]);
        return ExitCodes.Completed;
    }

    private static Trainer Create(Request request, TrainingConfig config, TrainingSet set)
    {
        try
        {
            return new Trainer(set, config, new TrainingOptions(Path.GetFullPath(request.Output), request.Seed, request.Modalities, request.Device, request.Threads));
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"The configuration '{request.Config}' cannot be used: {e.Message}", e);
        }
    }

    private static List<TrainingInput> Inputs(Request request, SplitFile splits, ExportedRun exported)
    {
        var unknown = splits.Videos.Where(v => v.Split != DatasetSplit.Test).Select(v => v.Id)
            .Except(exported.Videos.Select(v => v.Id), StringComparer.Ordinal)
            .Where(id => !exported.LeftOut.Any(l => l.StartsWith(id + ": ", StringComparison.Ordinal)))
            .ToList();
        return unknown.Count == 0
            ? [.. exported.Videos.Select(v => new TrainingInput(v.Id, v.Path, v.Labels, splits.Find(v.Id)!.Value))]
            : throw new UsageException($"'{request.Splits}' names {unknown.Count} videos that run '{request.Run}' does not have: {string.Join(", ", unknown.Take(10))}{(unknown.Count > 10 ? ", …" : "")}.");
    }

    private static TrainingConfig ReadConfig(Request request)
    {
        try
        {
            var config = TrainingConfig.Parse(File.ReadAllBytes(request.Config));
            return request.Epochs is { } epochs ? config with { Epochs = epochs } : config;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UsageException($"The configuration '{request.Config}' cannot be used: {e.Message}", e);
        }
    }

    private static SplitFile ReadSplits(string path)
    {
        try
        {
            using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return SplitFile.Read(reader, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputFaultException or DecoderFallbackException)
        {
            throw new UsageException($"The splits '{path}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>What the command line asks for.</summary>
    internal sealed record Request(
        string Run, string Data, string Splits, string Output, string Config, long Seed, int? Epochs, Modalities Modalities, TorchDevice Device, int Threads);
}
