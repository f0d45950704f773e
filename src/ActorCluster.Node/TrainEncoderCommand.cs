using System.Collections.Immutable;
using System.CommandLine;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Processing.Runs;
using ActorCluster.Training.Encoders;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster train-encoder</c>.</summary>
internal static class TrainEncoderCommand
{
    public static Command Create() => new(
        "train-encoder",
        """
        Train an encoder with a linear head on labelled videos: from a checkpoint in Hugging Face's format, or from nothing.

        Examples:
          actorcluster train-encoder visual --manifest set/manifest.csv --splits set/splits.csv --pipeline paper \
              --model microsoft/beit-large-patch16-224-pt22k-ft22k --freeze embeddings,encoder.layer.0 --out my-beit
          actorcluster train-encoder audio --manifest set/manifest.csv --splits set/splits.csv --pipeline my.json \
              --size configs/training/sample-wavlm.json --config configs/training/sample-audio.json --out my-wavlm

        Faces and sound are those that the pipeline will show the encoder. The same command again goes on where it stopped, with the same result.
        The output folder gets the checkpoint of the best validation, in Hugging Face's format, and training.csv.
        """)
    {
        Create(EncoderKind.Visual, "visual", "Train a BEiT on faces."),
        Create(EncoderKind.Audio, "audio", "Train a WavLM on voices."),
    };

    private static Command Create(EncoderKind kind, string name, string description)
    {
        var manifest = File("--manifest", "The videos: CSV with id,uri,faces,labels, or JSON lines.", required: true);
        var splits = File("--splits", "Which are for training and validation: CSV with id,split.", required: true);
        var pipeline = new Option<string>("--pipeline") { Description = "The pipeline that the encoder is for: a shipped one's name, or a file.", Required = true, HelpName = "name or file" };
        var output = new Option<string>("--out") { Description = "The folder of the result; empty, or of the same training.", Required = true, HelpName = "folder" };
        var model = new Option<string?>("--model") { Description = "Folder of the checkpoint to go on from.", HelpName = "folder" };
        var size = File("--size", "Instead of --model: config.json of an encoder to train from nothing.", required: false);
        var config = File("--config", "How to train, as configs/training/sample-*.json; without it, settings for fine-tuning.", required: false);
        var steps = Number("--steps", "Steps, instead of the config's.", 1);
        var seed = Number("--seed", "Seed of first values, samples and variations; 1 unless given.", 0);
        var threads = Number("--threads", "Threads of the matrix products, on which the last bits of the weights depend; all processors unless given.", 1);
        var freeze = new Option<string?>("--freeze") { Description = "Parameters that keep their values: names or starts of names, with commas between.", HelpName = "names" };
        var models = new Option<string?>("--models") { Description = "Folder that the pipeline's face detector is looked for in first.", HelpName = "folder" };
        var command = new Command(name, description) { manifest, splits, pipeline, output, model, size, config, steps, seed, threads, freeze, models };
        command.SetAction(async (parsed, _) =>
        {
            var (path, definition) = PipelineLocator.Find(parsed.GetValue(pipeline)!);
            var settings = ReadConfig(kind, parsed.GetValue(config));
            var request = new EncoderTrainingRequest
            {
                Kind = kind,
                Manifest = parsed.GetValue(manifest)!,
                Splits = parsed.GetValue(splits)!,
                Pipeline = definition,
                Detector = definition.Faces.Model.Length > 0 ? ModelPath.Resolve(definition.Faces.Model, Path.GetDirectoryName(path)!, parsed.GetValue(models)) : null,
                Output = Path.GetFullPath(parsed.GetValue(output)!),
                Model = parsed.GetValue(model),
                Size = parsed.GetValue(size),
                Config = parsed.GetValue(steps) is { } n ? settings with { Steps = n, WarmupSteps = Math.Min(n, settings.WarmupSteps) } : settings,
                Seed = parsed.GetValue(seed) ?? 1,
                Frozen = [.. (parsed.GetValue(freeze) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
                Threads = parsed.GetValue(threads) ?? Environment.ProcessorCount,
            };
            return await RunAsync(request);
        });
        return command;
    }

    private static async Task<int> RunAsync(EncoderTrainingRequest request)
    {
        using var signals = new StopSignals();
        try
        {
            var rows = await EncoderTraining.RunAsync(request, Console.Out.WriteLine, signals.Stop);
            if (rows.Count > 0)
            {
                Console.Out.WriteLine($"{request.Output}: the encoder after step {rows.MaxBy(row => row.ValidationMacroF1)!.Step}, macro F1 {rows.Max(row => row.ValidationMacroF1):0.000} on validation frames.");
            }

            return ExitCodes.Completed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("actorcluster: stopped. The same command goes on from the last validation.");
            return ExitCodes.Interrupted;
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
        catch (Exception e) when (e is CheckpointFormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"actorcluster: {e.Message}");
            return ExitCodes.EnvironmentFailure;
        }
    }

    private static EncoderTrainingConfig ReadConfig(EncoderKind kind, string? path)
    {
        if (path is null)
        {
            return EncoderTrainingConfig.Default(kind);
        }

        try
        {
            return EncoderTrainingConfig.Parse(System.IO.File.ReadAllBytes(path), kind);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The settings {path} cannot be used: {e.Message}", e);
        }
    }

    private static Option<string> File(string name, string description, bool required) => new(name) { Description = description, Required = required, HelpName = "file" };

    private static Option<int?> Number(string name, string description, int least) => new Option<int?>(name) { Description = description, HelpName = "n" }.Within(least, null);
}
