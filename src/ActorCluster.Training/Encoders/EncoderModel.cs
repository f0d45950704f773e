using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// A BEiT or WavLM with a linear head for the eight classes: its architecture, where its first values come from, and how it is written in Hugging Face's
/// format.
/// </summary>
internal sealed class EncoderModel
{
    /// <summary>The head's name, as in transformers' <c>BeitForImageClassification</c> and <c>WavLMForAudioFrameClassification</c>.</summary>
    public const string Head = "classifier";

    private const string WeightsName = "model.safetensors";

    // Parameters that only pre-training uses: without a gradient, kept as they are.
    private static readonly string[] Unused = ["embeddings.mask_token", "masked_spec_embed"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private readonly string? folder;
    private readonly JsonObject config;
    private readonly IReadOnlyList<(string Name, long[] Shape)> shapes;

    private EncoderModel(bool visual, string? folder, byte[] json, string source)
    {
        this.folder = folder;
        IsVisual = visual;
        if (visual)
        {
            Beit = BeitConfig.Parse(json, source);
            shapes = [.. BeitParameters.Shapes(Beit)];
        }
        else
        {
            WavLm = WavLmConfig.Parse(json, source);
            shapes = [.. WavLmParameters.Shapes(WavLm)];
        }

        config = JsonNode.Parse(json)!.AsObject();
    }

    /// <summary>Whether it is a BEiT; else a WavLM.</summary>
    public bool IsVisual { get; }

    /// <summary>The architecture of a BEiT.</summary>
    public BeitConfig? Beit { get; }

    /// <summary>The architecture of a WavLM.</summary>
    public WavLmConfig? WavLm { get; }

    /// <summary>The width of the pooled feature, D.</summary>
    public int Width => Beit?.HiddenSize ?? WavLm!.HiddenSize;

    /// <summary>Opens a checkpoint to go on from.</summary>
    /// <param name="visual">Whether it must be a BEiT; else a WavLM.</param>
    /// <param name="folder">The folder in Hugging Face's format.</param>
    /// <exception cref="CheckpointFormatException">It holds no such encoder.</exception>
    public static EncoderModel Open(bool visual, string folder)
    {
        var path = Path.Combine(folder, ConfigKeys.FileName);
        return new EncoderModel(visual, folder, JsonFile.Read(path), path);
    }

    /// <summary>An encoder of given sizes, to be trained from nothing.</summary>
    /// <param name="visual">Whether it is a BEiT; else a WavLM.</param>
    /// <param name="path">A <c>config.json</c> in Hugging Face's format.</param>
    /// <exception cref="CheckpointFormatException">It describes no such encoder.</exception>
    public static EncoderModel OfSize(bool visual, string path) => new(visual, null, JsonFile.Read(path), path);

    /// <summary>Writes the files that tell how input is prepared: the checkpoint's own, or for a new encoder those of the published ones.</summary>
    public void WritePreprocessor(string target)
    {
        var path = Path.Combine(target, ImagePreprocessing.FileName);
        if (folder is not null)
        {
            var own = JsonFile.Read(Path.Combine(folder, ImagePreprocessing.FileName));
            AtomicFile.Write(path, stream => stream.Write(own));
            return;
        }

        JsonObject settings = Beit is { } beit
            ? new()
            {
                ["image_processor_type"] = "BeitImageProcessor",
                ["do_resize"] = true,
                ["size"] = new JsonObject { ["height"] = beit.ImageSize, ["width"] = beit.ImageSize },
                ["resample"] = (int)ResampleFilter.Bilinear,
                ["do_center_crop"] = false,
                ["do_rescale"] = true,
                ["do_normalize"] = true,
                ["image_mean"] = new JsonArray(0.5, 0.5, 0.5),
                ["image_std"] = new JsonArray(0.5, 0.5, 0.5),
            }
            : new()
            {
                ["feature_extractor_type"] = "Wav2Vec2FeatureExtractor",
                ["feature_size"] = 1,
                ["sampling_rate"] = WaveformPreprocessing.SamplingRate,
                ["do_normalize"] = WavLm!.StableLayerNorm,
                ["padding_side"] = "right",
                ["padding_value"] = 0,
                ["return_attention_mask"] = WavLm.StableLayerNorm,
            };
        WriteJson(path, settings);
    }

    /// <summary>Makes the parameters: a checkpoint's or first ones, and a new head.</summary>
    /// <param name="seed">The seed of all that is not read.</param>
    /// <param name="frozen">Names or starts of names, cut at a dot, of parameters that keep their values.</param>
    /// <exception cref="CheckpointFormatException">The checkpoint's weights do not fit its config.</exception>
    /// <exception cref="ArgumentException">A start is that of no parameter, or nothing is left to train; the message says which there are.</exception>
    public EncoderParameters CreateParameters(int seed, ImmutableArray<string> frozen)
    {
        RequireKnown(frozen);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var initialization = new EncoderInitialization(
            Number("initializer_range", 0.02), Number("layer_scale_init_value", 0.1), seed);
        List<(string, Tensor)> values = [];
        if (folder is null)
        {
            values.AddRange(initialization.Create(shapes));
        }
        else
        {
            using var checkpoint = Checkpoint.Open(folder);
            var parameters = IsVisual ? BeitParameters.Find(checkpoint, Beit!) : WavLmParameters.Find(checkpoint, WavLm!);
            values.AddRange(EncoderParameters.Read(parameters, shapes));
        }

        values.AddRange(initialization.Create([(Head + ".weight", [Expressions.Count, Width]), (Head + ".bias", [Expressions.Count])]));
        return new EncoderParameters(values, name => Unused.Contains(name) || frozen.Any(start => IsUnder(name, start)));
    }

    /// <summary>Writes a checkpoint in Hugging Face's format. The weights come last, so a folder that has them is whole.</summary>
    /// <param name="target">The folder.</param>
    /// <param name="parameters">The parameters.</param>
    /// <exception cref="EnvironmentFaultException">It cannot be written.</exception>
    public void Save(string target, EncoderParameters parameters)
    {
        WritePreprocessor(target);
        var written = config.DeepClone().AsObject();
        written["architectures"] = new JsonArray(IsVisual ? "BeitForImageClassification" : "WavLMForAudioFrameClassification");
        written["id2label"] = new JsonObject(Expressions.Names.Select((name, i) => KeyValuePair.Create(i.ToString(), (JsonNode?)name)));
        written["label2id"] = new JsonObject(Expressions.Names.Select((name, i) => KeyValuePair.Create(name, (JsonNode?)i)));
        written["num_labels"] = Expressions.Count;
        written["torch_dtype"] = "float32";
        WriteJson(Path.Combine(target, ConfigKeys.FileName), written);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var prefix = IsVisual ? "beit." : "wavlm.";
        List<TensorData> tensors =
            [.. parameters.Names.Select(name => parameters[name].ToData(name.StartsWith(Head + ".", StringComparison.Ordinal) ? name : prefix + name))];
        AtomicFile.Write(
            Path.Combine(target, WeightsName),
            stream => SafetensorsWriter.Write(stream, tensors, new Dictionary<string, string> { ["format"] = "pt" }));
    }

    /// <summary>Whether a folder holds what <see cref="Save"/> writes last.</summary>
    public static bool IsSaved(string target) => File.Exists(Path.Combine(target, WeightsName));

    private static bool IsUnder(string name, string start) => name == start || name.StartsWith(start + ".", StringComparison.Ordinal);

    private static void WriteJson(string path, JsonObject json)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(json, Indented);
        AtomicFile.Write(path, stream => stream.Write([.. bytes, (byte)'\n']));
    }

    private double Number(string key, double standard) => config[key] is JsonValue value && value.TryGetValue<double>(out var number) ? number : standard;

    private void RequireKnown(ImmutableArray<string> frozen)
    {
        List<string> names = [.. shapes.Select(shape => shape.Name), Head + ".weight", Head + ".bias"];
        var unknown = frozen.Where(start => !names.Exists(name => IsUnder(name, start))).ToList();
        if (unknown.Count > 0)
        {
            var parts = names.Select(name => string.Join('.', name.Split('.').TakeWhile((_, i) => i < 3))).Distinct().Order(StringComparer.Ordinal);
            throw new ArgumentException($"'{string.Join("', '", unknown)}' is the start of no parameter's name. There are {string.Join(", ", parts)} and what is under them.");
        }

        if (names.TrueForAll(name => frozen.Any(start => IsUnder(name, start))))
        {
            throw new ArgumentException("Everything is frozen; leave something to train.");
        }
    }
}
