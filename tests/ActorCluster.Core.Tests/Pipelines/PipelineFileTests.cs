using System.Text;
using System.Text.Json.Nodes;
using ActorCluster.Core.Pipelines;
using CsCheck;

namespace ActorCluster.Core.Tests.Pipelines;

public class PipelineFileTests
{
    private const string Canonical =
        """{"audio":{"presenceLevelDb":-60,"presenceWindowSeconds":0.5},"chunkSeconds":10,"faces":{"cropScale":1.25,"cropShiftUp":0.1,"minScore":0.5,"model":"m/f.onnx","smallestFace":0.0625},"frames":{"maxLongSide":1280},"head":{"prior":{"anger":0.25,"disgust":0,"fear":0,"happiness":0,"neutral":0.75,"other":0,"sadness":0,"surprise":0},"temperature":2},"name":"small","visual":{"batch":1,"kind":"face-expression-net","model":"m/e.onnx"},"voting":{"imputeWithinSeconds":1,"medianKernel":25,"medianOver":"labels"},"windows":{"length":64,"stride":32}}""";

    private const string AudioEncoder =
        """{"kind":"wavlm","model":"w","batch":2,"layers":[21,24],"segmentSeconds":10,"contextSeconds":2,"poolingSeconds":0.5}""";

    private const string CanonicalHash = "7eae70a1636eb39cb4a0f380163c212ab620bfc97f58cff44efb407f3179a2ac";

    [Fact]
    public void Parse_ShippedPipelines_AreRead()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "configs", "pipelines"), "*.json");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            var definition = PipelineFile.Parse(stream);
            Assert.Equal(Path.GetFileNameWithoutExtension(file), definition.Name);
            Assert.Equal(definition, PipelineFile.Parse(PipelineFile.ToCanonicalJson(definition)));
        }
    }

    [Fact]
    public void ToCanonicalJson_KnownPipeline_IsPinned()
    {
        var definition = Parse(Canonical);
        Assert.Equal(Canonical, Encoding.UTF8.GetString(PipelineFile.ToCanonicalJson(definition)));
        Assert.Equal(CanonicalHash, PipelineFile.Hash(definition));
        Assert.Equal(
            new PipelineDefinition(
                "small",
                10,
                new FrameSettings(1280),
                new FaceSettings("m/f.onnx", 0.5, 0.0625, 1.25, 0.1),
                new VisualEncoderSettings("face-expression-net", "m/e.onnx", 1),
                new AudioSettings(0.5, -60),
                new HeadSettings(2, [0.75, 0.25, 0, 0, 0, 0, 0, 0]),
                new WindowSettings(64, 32),
                new VotingSettings(MedianOver.Labels, 25, 1)),
            definition);
    }

    [Fact]
    public void Parse_PipelineWithFusion_IsReadWithEveryKey()
    {
        var root = JsonNode.Parse(Canonical)!;
        root["faces"] = JsonNode.Parse("""{"source":"aligned"}""");
        root["visual"] = JsonNode.Parse("""{"kind":"beit","model":"b","batch":8,"precision":"bfloat16"}""");
        root["audio"]!["encoder"] = JsonNode.Parse(AudioEncoder);
        root["fusion"] = JsonNode.Parse("""{"checkpoint":"f","batch":4}""");
        var definition = Parse(root.ToJsonString());
        Assert.Equal(FaceSource.Aligned, definition.Faces.Source);
        Assert.Equal(new VisualEncoderSettings("beit", "b", 8, "bfloat16"), definition.Visual);
        Assert.Equal(new AudioEncoderSettings("wavlm", "w", 2, "float32", [21, 24], 10, 2, 0.5), definition.Audio.Encoder);
        Assert.Equal(new FusionSettings("f", 4), definition.Fusion);
        Assert.Equal(definition, Parse(Encoding.UTF8.GetString(PipelineFile.ToCanonicalJson(definition))));
    }

    [Theory]
    [InlineData("\"layers\":[]", "audio.encoder.layers is []; it must be a list of 1 to 100 different whole numbers from 0 to 1000.")]
    [InlineData("\"layers\":[1,1]", "audio.encoder.layers is [1,1]; it must be a list of 1 to 100 different")]
    [InlineData("\"layers\":[-1]", "audio.encoder.layers is [-1]; it must be a list of 1 to 100 different")]
    [InlineData("\"segmentSeconds\":10.01", "audio.encoder has segmentSeconds 10.01; it must be a multiple of 0.02.")]
    [InlineData("\"contextSeconds\":0", "audio.encoder.contextSeconds is 0; it must be a number from 0.1 to 10.")]
    public void Parse_WrongAudioEncoder_IsNamed(string pair, string expected)
    {
        var root = JsonNode.Parse(Canonical)!;
        var encoder = JsonNode.Parse(AudioEncoder)!;
        var change = (JsonObject)JsonNode.Parse($"{{{pair}}}")!;
        foreach (var (key, value) in change)
        {
            encoder[key] = value?.DeepClone();
        }

        root["audio"]!["encoder"] = encoder;
        root["fusion"] = JsonNode.Parse("""{"checkpoint":"f","batch":4}""");
        Assert.StartsWith(expected, Assert.Single(Problems(root.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public void Hash_OtherOrderSpacingNumberFormsAndAbsentZeros_StaysTheSame()
    {
        Gen.Int.Sample(
            seed =>
            {
                var root = (JsonObject)Shuffled(JsonNode.Parse(Canonical)!, new Random(seed));
                ((JsonObject)root["head"]!["prior"]!).Remove("fear");
                var text = root.ToJsonString(new() { WriteIndented = true })
                    .Replace("\"temperature\": 2", "\"temperature\": 20.0e-1", StringComparison.Ordinal)
                    .Replace("\"disgust\": 0", "\"disgust\": -0.0", StringComparison.Ordinal);
                Assert.Equal(CanonicalHash, PipelineFile.Hash(Parse("\uFEFF" + text)));
            },
            iter: 50);
    }

    [Fact]
    public void Hash_AnyOtherValue_Differs()
    {
        var definition = Parse(Canonical);
        string[] hashes =
        [
            CanonicalHash,
            PipelineFile.Hash(definition with { ChunkSeconds = 10.000000000000002 }),
            PipelineFile.Hash(definition with { Voting = definition.Voting with { MedianOver = MedianOver.Probabilities } }),
            PipelineFile.Hash(definition with { Head = definition.Head with { Prior = [0.25, 0.75, 0, 0, 0, 0, 0, 0] } }),
        ];
        Assert.Distinct(hashes);
    }

    [Theory]
    [InlineData("name", "\"a b\"", "name is \"a b\"; it must be 1 to 40 letters")]
    [InlineData("name", "null", "name is null; it must be")]
    [InlineData("chunkSeconds", "0.5", "chunkSeconds is 0.5; it must be a number from 1 to 600.")]
    [InlineData("chunkSeconds", "\"10\"", "chunkSeconds is \"10\"; it must be a number from 1 to 600.")]
    [InlineData("chunkSeconds", "1e999", "chunkSeconds is 1e999; it must be a number from 1 to 600.")]
    [InlineData("frames.maxLongSide", "99999999999", "frames.maxLongSide is 99999999999; it must be a whole number from 64 to 8192.")]
    [InlineData("frames.maxLongSide", "100.5", "frames.maxLongSide is 100.5; it must be a whole number from 64 to 8192.")]
    [InlineData("faces.model", "\"\"", "faces.model is \"\"; it must be a file's path, 1 to 1024 characters.")]
    [InlineData("faces.model", "\"a\\u0000b\"", "faces.model is \"a\\u0000b\"; it must be a file's path")]
    [InlineData("visual.kind", "\"vit\"", "visual.kind is \"vit\"; it must be \"face-expression-net\" or \"beit\" or \"rehearsal\".")]
    [InlineData("audio.encoder", "{\"kind\":\"wavlm\",\"model\":\"w\",\"batch\":1,\"segmentSeconds\":10,\"contextSeconds\":2,\"poolingSeconds\":0.5}", "audio.encoder is given, but nothing uses its features")]
    [InlineData("fusion", "{\"checkpoint\":\"f\",\"batch\":1}", "fusion needs two encoders; add audio.encoder.")]
    [InlineData("visual.precision", "\"bfloat16\"", "visual.precision is not known; remove it or correct its name.")]
    [InlineData("faces.source", "\"crops\"", "faces.source is \"crops\"; it must be \"detect\" or \"aligned\" or \"none\".")]
    [InlineData("voting.medianKernel", "24", "voting.medianKernel is 24; it must be an odd whole number from 1 to 1001.")]
    [InlineData("voting.medianOver", "\"faces\"", "voting.medianOver is \"faces\"; it must be \"probabilities\" or \"labels\".")]
    [InlineData("windows.stride", "65", "windows leaves frames uncovered: stride 65 is greater than length 64; it must be at most the length.")]
    [InlineData("head.prior", "{\"neutral\":0.9}", "head.prior sums to 0.9; the classes' probabilities must sum to 1.")]
    [InlineData("head.prior", "{\"neutral\":1,\"joy\":0.5}", "head.prior.joy is not known; remove it or correct its name.")]
    [InlineData("head.prior", "{\"neutral\":1.5}", "head.prior.neutral is 1.5; it must be a number from 0 to 1.")]
    [InlineData("head.prior", "[1]", "head.prior is [1]; it must be an object {…}.")]
    [InlineData("audio", "7", "audio is 7; it must be an object {…}.")]
    [InlineData("windows.size", "7", "windows.size is not known; remove it or correct its name.")]
    public void Parse_OneWrongKey_IsNamedWithWhatIsAllowed(string path, string value, string expected)
    {
        var root = JsonNode.Parse(Canonical)!;
        var keys = path.Split('.');
        var parent = keys.Length == 1 ? root : root[keys[0]]!;
        parent[keys[^1]] = "@";
        var problems = Problems(root.ToJsonString().Replace("\"@\"", value, StringComparison.Ordinal));
        Assert.StartsWith(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EncodersWithoutFusion_ComputesFeaturesOnly()
    {
        var root = JsonNode.Parse(Canonical)!;
        root["visual"]!["kind"] = "beit";
        root["audio"]!["encoder"] = JsonNode.Parse("""{"kind":"wavlm","model":"w","batch":1,"segmentSeconds":10,"contextSeconds":2,"poolingSeconds":0.5}""");
        var definition = Parse(root.ToJsonString());
        Assert.Null(definition.Fusion);
        Assert.Equal("w", definition.Audio.Encoder!.Model);
    }

    [Fact]
    public void Parse_EveryMissingKey_IsNamed()
    {
        foreach (var path in Paths((JsonObject)JsonNode.Parse(Canonical)!, "").Where(path => !path.StartsWith("head.prior.", StringComparison.Ordinal)))
        {
            var root = JsonNode.Parse(Canonical)!;
            var keys = path.Split('.');
            ((JsonObject)(keys.Length == 1 ? root : root[keys[0]]!)).Remove(keys[^1]);
            Assert.StartsWith($"{path} is missing; it must be ", Assert.Single(Problems(root.ToJsonString())), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parse_SeveralProblems_AreReportedTogether()
    {
        var text = Canonical
            .Replace("\"chunkSeconds\":10", "\"chunkSeconds\":0,\"chunkSeconds\":1,\"extra\":{}", StringComparison.Ordinal)
            .Replace("\"batch\":1,", "", StringComparison.Ordinal);
        Assert.Equal(
            [
                "chunkSeconds is given twice.",
                "chunkSeconds is 0; it must be a number from 1 to 600.",
                "visual.batch is missing; it must be a whole number from 1 to 1024.",
                "extra is not known; remove it or correct its name.",
            ],
            Problems(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"name\":\"a\",}")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public void Parse_NotAJsonObject_IsRefused(string text)
    {
        Assert.NotEmpty(Problems(text));
    }

    [Fact]
    public void Parse_TooLargeOrTooDeep_IsRefused()
    {
        Assert.Contains("more than 1048576 bytes", Assert.Single(Problems(Canonical + new string(' ', PipelineFile.LargestFile))), StringComparison.Ordinal);
        Assert.NotEmpty(Problems(new string('[', 100_000)));
        using var endless = new EndlessStream();
        Assert.Throws<PipelineFormatException>(() => PipelineFile.Parse(endless));
        Assert.InRange(endless.BytesRead, 1, 2 * PipelineFile.LargestFile);
    }

    [Fact]
    public void Parse_AnyDamagedFile_GivesADefinitionOrAFormatException()
    {
        var gen = Gen.Select(Gen.Int[0, Canonical.Length - 1], Gen.Byte, Gen.Int[0, 3]);
        gen.Array[1, 4].Sample(
            edits =>
            {
                var bytes = Encoding.UTF8.GetBytes(Canonical).ToList();
                foreach (var (at, value, remove) in edits)
                {
                    bytes[at % bytes.Count] = value;
                    bytes.RemoveRange(at % bytes.Count, Math.Min(remove, bytes.Count - (at % bytes.Count)));
                }

                try
                {
                    var definition = PipelineFile.Parse(bytes.ToArray());
                    Assert.Equal(definition, PipelineFile.Parse(PipelineFile.ToCanonicalJson(definition)));
                }
                catch (PipelineFormatException e)
                {
                    Assert.NotEmpty(e.Problems);
                }
            },
            iter: 2000);
    }

    private static PipelineDefinition Parse(string text) => PipelineFile.Parse(Encoding.UTF8.GetBytes(text));

    private static string[] Problems(string text) => [.. Assert.Throws<PipelineFormatException>(() => Parse(text)).Problems];

    private static JsonNode Shuffled(JsonNode node, Random random) => node is not JsonObject o
        ? node.DeepClone()
        : new JsonObject(o.OrderBy(_ => random.Next()).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Shuffled(pair.Value!, random))));

    private static IEnumerable<string> Paths(JsonObject o, string prefix) =>
        o.SelectMany(pair => pair.Value is JsonObject child ? Paths(child, $"{prefix}{pair.Key}.").Prepend(prefix + pair.Key) : [prefix + pair.Key]);

    private sealed class EndlessStream : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)' ');
            BytesRead += buffer.Length;
            return buffer.Length;
        }
    }
}
