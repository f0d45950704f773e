using System.Security.Cryptography;
using System.Text.Json;
using ActorCluster.Core;
using ActorCluster.Core.Audio;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Media.Faces;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// Trains a BEiT on faces or a WavLM on voices, from nothing or from a published checkpoint, with a linear head for the eight classes, and writes it in
/// Hugging Face's format. A training that was killed goes on when it is asked for again with the same request, and ends with the same weights.
/// </summary>
public sealed class EncoderTraining
{
    /// <summary>The table of validations, CSV with a header, in the output folder.</summary>
    public const string TableName = "training.csv";

    // Beside the checkpoint until it is written: identity, state and material.
    private const string WorkName = "work";
    private const string IdentityName = "identity.json";
    private const string StateName = "state.safetensors";
    private const string Stage = "train-encoder";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private readonly EncoderTrainingRequest request;
    private readonly Action<string> note;
    private readonly EncoderModel model;

    private EncoderTraining(EncoderTrainingRequest request, Action<string> note)
    {
        (this.request, this.note) = (request, note);
        var visual = request.Kind == EncoderKind.Visual;
        model = (request.Model, request.Size) switch
        {
            ({ } folder, null) => EncoderModel.Open(visual, folder),
            (null, { } size) => EncoderModel.OfSize(visual, size),
            _ => throw new ArgumentException("Give either a checkpoint to go on from or the sizes of a new encoder."),
        };
        if (!visual && request.Pipeline.Audio.Encoder is null)
        {
            throw new ArgumentException($"The pipeline '{request.Pipeline.Name}' has no audio encoder, whose segments training would take.");
        }
    }

    private string Work => Path.Combine(request.Output, WorkName);

    /// <summary>Trains.</summary>
    /// <param name="request">What is to be trained.</param>
    /// <param name="note">Told in lines what happens.</param>
    /// <param name="cancellation">Ends it; the same request goes on.</param>
    /// <returns>The validations; empty if the folder holds the finished encoder of the same request.</returns>
    /// <exception cref="ArgumentException">The request contradicts itself, or freezes what is not there.</exception>
    /// <exception cref="CheckpointFormatException">The checkpoint or the sizes are no such encoder's.</exception>
    /// <exception cref="InputFaultException">Manifest, split, labels or a video are wrong; the message names them.</exception>
    /// <exception cref="EnvironmentFaultException">The folder holds something else, ffmpeg or libtorch fails, or training diverged.</exception>
    public static async Task<IReadOnlyList<EncoderTrainingRow>> RunAsync(EncoderTrainingRequest request, Action<string> note, CancellationToken cancellation)
    {
        TorchRuntime.Load();
        var training = new EncoderTraining(request, note);
        using var parameters = training.model.CreateParameters(request.Seed, request.Frozen);
        if (!training.Claim())
        {
            return [];
        }

        var tables = await training.PrepareAsync(cancellation);
        return training.Train(parameters, tables, cancellation);
    }

    /// <summary>Makes the folder this training's.</summary>
    /// <returns>False if the training has been finished there.</returns>
    private bool Claim()
    {
        var identity = Path.Combine(request.Output, IdentityName);
        var wanted = Identity();
        if (File.Exists(identity))
        {
            if (!File.ReadAllBytes(identity).AsSpan().SequenceEqual(wanted))
            {
                throw Foreign("holds a training of other settings or data");
            }
        }
        else if (Directory.Exists(request.Output) && Directory.EnumerateFileSystemEntries(request.Output).Any())
        {
            throw Foreign("is not empty");
        }

        Directory.CreateDirectory(request.Output);
        AtomicFile.DeleteTemporaries(request.Output);
        AtomicFile.Write(identity, stream => stream.Write(wanted));
        if (!EncoderModel.IsSaved(request.Output))
        {
            return true;
        }

        DropWork();
        note($"{request.Output} holds the finished encoder.");
        return false;
    }

    /// <summary>What the weights depend on, in JSON.</summary>
    private byte[] Identity() => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            kind = request.Kind.ToString(),
            source = CheckpointHash.Of(request.Model ?? request.Size!),
            manifest = Hash(request.Manifest),
            splits = Hash(request.Splits),
            pipeline = PipelineFile.Hash(request.Pipeline),
            config = JsonSerializer.Deserialize<JsonElement>(request.Config.ToJson()),
            seed = request.Seed,
            frozen = request.Frozen,
            threads = request.Threads,
            torch = TorchRuntime.Version,
        },
        Indented);

    private EnvironmentFaultException Foreign(string what) =>
        new(Stage, $"The folder {request.Output} {what}.", "Give another --out, or the settings with which it was begun; see its identity.json.");

    private async Task<List<(DatasetSplit Split, MaterialTable Table)>> PrepareAsync(CancellationToken cancellation)
    {
        model.WritePreprocessor(request.Output);
        var (tools, videos) = (FfmpegTools.Locate(), LabelledVideo.Read(request.Manifest, request.Splits));
        using var detector = request.Kind == EncoderKind.Visual && request.Detector is { } path ? new FaceDetector(path) : null;
        var frames = model.IsVisual ? new FramePreparation(tools, request.Pipeline, detector, OpenPreprocessor(), request.Config.Visual!.FramesPerVideo) : null;
        var audio = model.IsVisual ? null : new AudioPreparation(tools, request.Pipeline.Audio, new SegmentGrid(request.Pipeline.Audio.Encoder!));
        var probe = new VideoProbe(tools);
        var tables = new List<(DatasetSplit, MaterialTable)>();
        foreach (var (index, video) in videos.Index())
        {
            var info = new Lazy<Task<VideoInfo>>(() => probe.ProbeAsync(video.Entry.Uri, cancellation));
            if (!MaterialTable.IsPrepared(Work, index))
            {
                await info.Value;
                if (index % Math.Max(1, videos.Count / 10) == 0)
                {
                    note($"Prepares video {index + 1} of {videos.Count}.");
                }
            }

            tables.Add((video.Split, MaterialTable.OpenOrPrepare(Work, index, stream =>
            {
                var known = info.Value.GetAwaiter().GetResult();
                var labels = video.ReadLabels(known.Timeline.Count, note);
                return frames is not null
                    ? (frames.Write(video, known, labels, stream, cancellation), [])
                    : (labels, audio!.Write(known, labels, stream, cancellation));
            })));
        }

        Describe(tables);
        return tables;
    }

    private void Describe(List<(DatasetSplit Split, MaterialTable Table)> tables)
    {
        foreach (var split in (ReadOnlySpan<DatasetSplit>)[DatasetSplit.Train, DatasetSplit.Validation])
        {
            var labels = tables.Where(t => t.Split == split).SelectMany(t => t.Table.Labels).Where(label => label >= 0).ToList();
            var counts = Expressions.Names.Select((name, c) => $"{name} {labels.Count(label => label == c)}");
            note($"{split}: {tables.Count(t => t.Split == split)} videos, {labels.Count} labelled frames: {string.Join(", ", counts)}.");
            if (labels.Count == 0)
            {
                throw new InputFaultException(Stage, $"No labelled frame for {split.ToString().ToLowerInvariant()} shows a face or has sound. Check the labels and the pipeline's faces and audio settings.");
            }

            foreach (var name in Expressions.Names.Where((_, c) => split == DatasetSplit.Train && !labels.Contains((sbyte)c)))
            {
                note($"No training frame shows {name}: the encoder will not learn it.");
            }
        }
    }

    private IReadOnlyList<EncoderTrainingRow> Train(EncoderParameters parameters, List<(DatasetSplit Split, MaterialTable Table)> tables, CancellationToken cancellation)
    {
        TorchRuntime.UseThreads(request.Threads);
        var (training, validation) = (Of(DatasetSplit.Train), Of(DatasetSplit.Validation));
        EncoderTask task = model.IsVisual
            ? new VisualTask(new TrainableBeit(model.Beit!, parameters), request.Config, OpenPreprocessor(), training, validation)
            : new AudioTask(
                model.WavLm!,
                new TrainableWavLm(model.WavLm!, parameters),
                request.Config,
                WaveformPreprocessing.Open(request.Output),
                new SegmentGrid(request.Pipeline.Audio.Encoder!),
                request.Pipeline.Audio.Encoder!.PoolingSeconds,
                training,
                validation);
        note($"{parameters.Trained.Sum(p => p.Value.numel())} of {parameters.Names.Sum(name => parameters[name].numel())} parameters are trained.");
        var rows = new EncoderTrainer(task, parameters, request.Config, request.Seed, request.Output, Path.Combine(Work, StateName), note).Run(cancellation);
        model.Save(request.Output, parameters);
        DropWork();
        return rows;

        IEnumerable<MaterialTable> Of(DatasetSplit split) => tables.Where(t => t.Split == split).Select(t => t.Table);
    }

    private ImagePreprocessor OpenPreprocessor()
    {
        var preprocessing = ImagePreprocessing.Open(request.Output);
        return (preprocessing.Width, preprocessing.Height) == (model.Beit!.ImageSize, model.Beit.ImageSize)
            ? new ImagePreprocessor(preprocessing)
            : throw new CheckpointFormatException($"{request.Model}: preprocessor_config.json makes images of {preprocessing.Width} x {preprocessing.Height} pixels, config.json wants {model.Beit.ImageSize} x {model.Beit.ImageSize}.");
    }

    private void DropWork()
    {
        if (Directory.Exists(Work))
        {
            Directory.Delete(Work, recursive: true);
        }
    }

    private static string Hash(string path)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException(Stage, e.Message, "Give a file that is there and may be read.", e);
        }
    }
}
