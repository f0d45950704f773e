using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace ActorCluster.Core.Pipelines;

/// <summary>The pipeline file: JSON in, JSON in one canonical form out, and the hash of that form.</summary>
/// <remarks>
/// A pipeline whose visual encoder has no head of its own may leave out <c>fusion</c>: it then computes features only, for a fusion network to be trained on
/// them. Its predictions are the prior, marked as imputed.
/// </remarks>
public static class PipelineFile
{
    /// <summary>The largest file in bytes.</summary>
    public const int LargestFile = 1 << 20;

    private const int LongestName = 40;
    private const int LongestPath = 1024;
    private const int LongestWindow = 4096;
    private const int MostLayers = 100;
    private const double PriorTolerance = 1e-6;
    private static readonly ImmutableArray<string> FaceSources = ["detect", "aligned", "none"];

    /// <summary>Reads a pipeline file to its end.</summary>
    /// <param name="stream">The file, UTF-8, at most <see cref="LargestFile"/> bytes.</param>
    /// <exception cref="PipelineFormatException">It is too large, not JSON, or a key is missing, wrong, unknown or given twice; all problems at once.</exception>
    public static PipelineDefinition Parse(Stream stream)
    {
        var bytes = new byte[LargestFile + 1];
        return Parse(bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
    }

    /// <summary>Reads a pipeline file's bytes.</summary>
    /// <param name="utf8">The file's content; a byte order mark is passed over.</param>
    /// <exception cref="PipelineFormatException">It is too large, not JSON, or a key is missing, wrong, unknown or given twice; all problems at once.</exception>
    public static PipelineDefinition Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LargestFile)
        {
            throw new PipelineFormatException([$"It has more than {LargestFile} bytes."]);
        }

        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        utf8 = utf8.StartsWith(mark) ? utf8[mark.Length..] : utf8;
        List<string> problems = [];
        PipelineDefinition definition;
        try
        {
            using var document = JsonDocument.Parse(utf8.ToArray());
            definition = Read(document.RootElement, problems);
        }
        catch (JsonException e)
        {
            throw new PipelineFormatException([$"It is not JSON: {e.Message}"], e);
        }
        catch (InvalidOperationException e)
        {
            // JsonElement gives no string for an escaped lone surrogate.
            throw new PipelineFormatException([$"It holds a text that is not valid Unicode: {e.Message}"], e);
        }

        return problems.Count == 0 ? definition : throw new PipelineFormatException(problems);
    }

    /// <summary>
    /// Writes a definition in its canonical form: keys in ordinal order, no white space, numbers in their shortest form that reads back the same, only ASCII.
    /// <see cref="Parse(ReadOnlySpan{byte})"/> reads it back to an equal definition.
    /// </summary>
    public static byte[] ToCanonicalJson(PipelineDefinition definition)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, Keys(definition));
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The pipeline's hash: SHA-256 of the canonical form, 64 lower-case hexadecimal digits.</summary>
    public static string Hash(PipelineDefinition definition) => Convert.ToHexStringLower(SHA256.HashData(ToCanonicalJson(definition)));

    private static PipelineDefinition Read(JsonElement element, List<string> problems)
    {
        var root = new StrictJsonObject(element, "", problems);
        var definition = new PipelineDefinition(
            root.String("name", $"1 to {LongestName} letters A-Z a-z, digits, - and _", IsName),
            root.Number("chunkSeconds", 1, 600),
            Read(root, "frames", o => new FrameSettings(o.Integer("maxLongSide", 64, 8192))),
            Read(root, "faces", ReadFaces),
            Read(root, "visual", ReadVisual),
            Read(root, "audio", o => new AudioSettings(
                o.Number("presenceWindowSeconds", 0.02, 60),
                o.Number("presenceLevelDb", -100, 0),
                o.Has("encoder") ? Read(o, "encoder", ReadAudioEncoder) : null)),
            Read(root, "head", o => new HeadSettings(o.Number("temperature", 0.01, 100), Read(o, "prior", ReadPrior))),
            Read(root, "windows", ReadWindows),
            Read(root, "voting", o => new VotingSettings(
                o.Choice("medianOver", "probabilities", "labels") == "labels" ? MedianOver.Labels : MedianOver.Probabilities,
                o.Integer("medianKernel", 1, 1001, "an odd whole number from 1 to 1001", kernel => kernel % 2 == 1),
                o.Number("imputeWithinSeconds", 0, 3600))),
            root.Has("fusion") ? Read(root, "fusion", o => new FusionSettings(ReadPath(o, "checkpoint"), o.Integer("batch", 1, 256))) : null);
        root.End();
        problems.AddRange(Contradictions(definition));
        return definition;
    }

    /// <summary>Parts that are well-formed alone and make no sense together.</summary>
    private static IEnumerable<string> Contradictions(PipelineDefinition definition)
    {
        if (definition is { Fusion: not null, Visual.Kind: VisualEncoderSettings.Rehearsal })
        {
            yield return $"visual.kind is \"{VisualEncoderSettings.Rehearsal}\", of which no fusion network knows; remove fusion.";
        }

        if (definition is { Fusion: not null, Audio.Encoder: null })
        {
            yield return "fusion needs two encoders; add audio.encoder.";
        }

        if (definition is { Fusion: null, Audio.Encoder: not null } && definition.Visual.Kind != VisualEncoderSettings.Beit)
        {
            yield return "audio.encoder is given, but nothing uses its features; add fusion or remove it.";
        }
    }

    private static FaceSettings ReadFaces(StrictJsonObject o)
    {
        var source = o.Has("source") ? o.Choice("source", [.. FaceSources]) : FaceSources[0];
        return source == FaceSources[0]
            ? new FaceSettings(
                ReadPath(o, "model"),
                o.Number("minScore", 0, 1),
                o.Number("smallestFace", 0.01, 1),
                o.Number("cropScale", 0.5, 4),
                o.Number("cropShiftUp", -1, 1))
            : new FaceSettings("", 0, 0, 0, 0, source == FaceSources[1] ? FaceSource.Aligned : FaceSource.None);
    }

    private static VisualEncoderSettings ReadVisual(StrictJsonObject o)
    {
        var kind = o.Choice("kind", VisualEncoderSettings.FaceExpressionNet, VisualEncoderSettings.Beit, VisualEncoderSettings.Rehearsal);
        if (kind == VisualEncoderSettings.Rehearsal)
        {
            return new VisualEncoderSettings(kind, "", o.Integer("batch", 1, 1024), BatchSeconds: o.Number("batchSeconds", 0, 60));
        }

        return new VisualEncoderSettings(
            kind,
            ReadPath(o, "model"),
            o.Integer("batch", 1, 1024),
            kind == VisualEncoderSettings.Beit && o.Has("precision") ? ReadPrecision(o) : VisualEncoderSettings.FullPrecision);
    }

    private static AudioEncoderSettings ReadAudioEncoder(StrictJsonObject o) => new(
        o.Choice("kind", AudioEncoderSettings.WavLm),
        ReadPath(o, "model"),
        o.Integer("batch", 1, 256),
        o.Has("precision") ? ReadPrecision(o) : VisualEncoderSettings.FullPrecision,
        o.Has("layers") ? o.Integers("layers", 0, 1000, MostLayers) : [],
        ReadHops(o, "segmentSeconds", 1, 60),
        ReadHops(o, "contextSeconds", 0.1, 10),
        o.Number("poolingSeconds", 0.02, 4));

    private static string ReadPrecision(StrictJsonObject o) => o.Choice("precision", VisualEncoderSettings.FullPrecision, VisualEncoderSettings.ReducedPrecision);

    /// <summary>Seconds that are a whole number of the encoder's steps of 20 ms.</summary>
    private static double ReadHops(StrictJsonObject o, string key, double least, double most)
    {
        var seconds = o.Number(key, least, most);
        var hops = seconds * 50;
        if (Math.Abs(hops - Math.Round(hops)) > 1e-6)
        {
            o.Problem($"has {key} {seconds}; it must be a multiple of 0.02.");
        }

        return seconds;
    }

    private static T Read<T>(StrictJsonObject parent, string key, Func<StrictJsonObject, T> read)
    {
        var child = parent.Object(key);
        var value = read(child);
        child.End();
        return value;
    }

    private static string ReadPath(StrictJsonObject o, string key) =>
        o.String(key, $"a file's path, 1 to {LongestPath} characters", path => path.Length is > 0 and <= LongestPath && !path.Any(char.IsControl));

    private static WindowSettings ReadWindows(StrictJsonObject o)
    {
        var windows = new WindowSettings(o.Integer("length", 1, LongestWindow), o.Integer("stride", 1, LongestWindow));
        if (!o.HasProblems && windows.Stride > windows.Length)
        {
            o.Problem($"leaves frames uncovered: stride {windows.Stride} is greater than length {windows.Length}; it must be at most the length.");
        }

        return windows;
    }

    private static ImmutableArray<double> ReadPrior(StrictJsonObject o)
    {
        ImmutableArray<double> prior = [.. Enumerable.Range(0, Expressions.Count).Select(k => o.OptionalNumber(PriorKey(k), 0, 1))];
        var sum = prior.Sum();
        if (!o.HasProblems && Math.Abs(sum - 1) > PriorTolerance)
        {
            o.Problem($"sums to {sum:0.#######}; the classes' probabilities must sum to 1.");
        }

        return prior;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string PriorKey(int index) => Expressions.Names[index].ToLowerInvariant();

    private static string NameOf(MedianOver over) => over == MedianOver.Labels ? "labels" : "probabilities";

    /// <summary>A definition as keys. What is left at its default is left out, so that a new key changes no older pipeline's hash.</summary>
    private static SortedDictionary<string, object> Keys(PipelineDefinition definition)
    {
        var faces = definition.Faces.Source == FaceSource.Detect
            ? Keys(
                ("model", definition.Faces.Model),
                ("minScore", definition.Faces.MinScore),
                ("smallestFace", definition.Faces.SmallestFace),
                ("cropScale", definition.Faces.CropScale),
                ("cropShiftUp", definition.Faces.CropShiftUp))
            : Keys(("source", FaceSources[(int)definition.Faces.Source]));
        var visual = definition.Visual.Kind == VisualEncoderSettings.Rehearsal
            ? Keys(("kind", definition.Visual.Kind), ("batch", definition.Visual.Batch), ("batchSeconds", definition.Visual.BatchSeconds))
            : Keys(("kind", definition.Visual.Kind), ("model", definition.Visual.Model), ("batch", definition.Visual.Batch));
        AddPrecision(visual, definition.Visual.Precision);
        var audio = Keys(
            ("presenceWindowSeconds", definition.Audio.PresenceWindowSeconds), ("presenceLevelDb", definition.Audio.PresenceLevelDb));
        if (definition.Audio.Encoder is { } encoder)
        {
            audio.Add("encoder", Keys(encoder));
        }

        var all = Keys(
            ("name", definition.Name),
            ("chunkSeconds", definition.ChunkSeconds),
            ("frames", Keys(("maxLongSide", definition.Frames.MaxLongSide))),
            ("faces", faces),
            ("visual", visual),
            ("audio", audio),
            ("head", Keys(
                ("temperature", definition.Head.Temperature),
                ("prior", Keys([.. definition.Head.Prior.Select((p, k) => (PriorKey(k), (object)p))])))),
            ("windows", Keys(("length", definition.Windows.Length), ("stride", definition.Windows.Stride))),
            ("voting", Keys(
                ("medianOver", NameOf(definition.Voting.MedianOver)),
                ("medianKernel", definition.Voting.MedianKernel),
                ("imputeWithinSeconds", definition.Voting.ImputeWithinSeconds))));
        if (definition.Fusion is { } fusion)
        {
            all.Add("fusion", Keys(("checkpoint", fusion.Checkpoint), ("batch", fusion.Batch)));
        }

        return all;
    }

    private static SortedDictionary<string, object> Keys(AudioEncoderSettings encoder)
    {
        var keys = Keys(
            ("kind", encoder.Kind),
            ("model", encoder.Model),
            ("batch", encoder.Batch),
            ("segmentSeconds", encoder.SegmentSeconds),
            ("contextSeconds", encoder.ContextSeconds),
            ("poolingSeconds", encoder.PoolingSeconds));
        AddPrecision(keys, encoder.Precision);
        if (!encoder.Layers.IsEmpty)
        {
            keys.Add("layers", encoder.Layers);
        }

        return keys;
    }

    private static void AddPrecision(SortedDictionary<string, object> keys, string precision)
    {
        if (precision != VisualEncoderSettings.FullPrecision)
        {
            keys.Add("precision", precision);
        }
    }

    private static SortedDictionary<string, object> Keys(params (string Key, object Value)[] keys)
    {
        var sorted = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (key, value) in keys)
        {
            sorted.Add(key, value);
        }

        return sorted;
    }

    private static void Write(Utf8JsonWriter writer, SortedDictionary<string, object> keys)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in keys)
        {
            writer.WritePropertyName(key);
            switch (value)
            {
                case SortedDictionary<string, object> child:
                    Write(writer, child);
                    break;
                case string text:
                    writer.WriteStringValue(text);
                    break;
                case int number:
                    writer.WriteNumberValue(number);
                    break;
                case double number:
                    writer.WriteNumberValue(number);
                    break;
                case ImmutableArray<int> numbers:
                    writer.WriteStartArray();
                    foreach (var number in numbers)
                    {
                        writer.WriteNumberValue(number);
                    }

                    writer.WriteEndArray();
                    break;
                default:
                    throw new InvalidOperationException($"{key} has a value of type {value.GetType()}.");
            }
        }

        writer.WriteEndObject();
    }
}
