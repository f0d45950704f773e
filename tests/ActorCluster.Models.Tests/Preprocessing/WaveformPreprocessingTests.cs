using ActorCluster.Media.Tests.Faces;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Storage;
using CsCheck;

namespace ActorCluster.Models.Tests.Preprocessing;

public sealed class WaveformPreprocessingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-models-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Process_GoldenSound_EqualsTransformers()
    {
        using var golden = SafetensorsFile.Open(RepositoryFiles.Golden("preprocess-wav2vec2", "io.safetensors"));
        var preprocessing = Open("preprocess-wav2vec2");
        var padded = golden.Read<float>("padded.input_values");
        for (var i = 0; i < 2; i++)
        {
            var raw = golden.Read<float>($"raw{i}");
            var output = new float[16_000];
            preprocessing.Process(raw, output);
            AssertNear(golden.Read<float>($"single{i}.input_values"), output[..raw.Length]);
            AssertNear(padded[(i * 16_000)..((i + 1) * 16_000)], output);
            Assert.All(output[raw.Length..], value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Process_NotNormalized_PassesThrough()
    {
        var preprocessing = Open("wavlm-tiny-base-style");
        Assert.False(preprocessing.Normalize);
        var output = new float[5];
        Array.Fill(output, 9);
        preprocessing.Process([0.5f, -2, 3], output);
        Assert.Equal([0.5f, -2, 3, 0, 0], output);
    }

    [Fact]
    public void Process_Silence_StaysSilent()
    {
        var output = new float[400];
        Open("preprocess-wav2vec2").Process(new float[400], output);
        Assert.All(output, value => Assert.Equal(0, value));
        Array.Fill(output, 1);
        Open("preprocess-wav2vec2").Process([], output);
        Assert.All(output, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Process_AnySound_HasMeanZeroAndVarianceOne() =>
        Gen.Select(Gen.Float[-1.5f, 1.5f].Array[16, 2_000], Gen.Int[0, 100]).Sample((samples, padding) =>
        {
            samples[0] = 1;
            samples[1] = -1;
            var output = new float[samples.Length + padding];
            Open("preprocess-wav2vec2").Process(samples, output);
            var real = output[..samples.Length];
            Assert.Equal(0, real.Average(value => (double)value), 1e-5);
            Assert.Equal(1, real.Average(value => (double)value * value), 1e-5);
            Assert.All(output[samples.Length..], value => Assert.Equal(0, value));
        }, iter: 200);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Process_SampleNotFinite_NamesIt(float bad)
    {
        var samples = new float[100];
        samples[42] = bad;
        foreach (var golden in (string[])["preprocess-wav2vec2", "wavlm-tiny-base-style"])
        {
            var thrown = Assert.Throws<ArgumentException>(() => Open(golden).Process(samples, new float[100]));
            Assert.Contains("Sample 42", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Process_NoRoom_IsRefused() => Assert.Throws<ArgumentException>(() => Open("preprocess-wav2vec2").Process(new float[3], new float[2]));

    [Theory]
    [InlineData("""{"sampling_rate": 8000}""", "sampling_rate is '8000'")]
    [InlineData("""{"feature_size": 80}""", "feature_size is '80'")]
    [InlineData("""{"padding_side": "left"}""", "padding_side is")]
    [InlineData("""{"padding_value": 1}""", "padding_value is")]
    [InlineData("""{"feature_extractor_type": "WhisperFeatureExtractor"}""", "feature_extractor_type is")]
    [InlineData("""{"do_denoise": true}""", "the step 'do_denoise'")]
    public void Open_ValueNotKnown_IsRefusedByName(string json, string message)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "preprocessor_config.json"), json);
        Assert.Contains(message, Assert.Throws<CheckpointFormatException>(() => WaveformPreprocessing.Open(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    private static WaveformPreprocessing Open(string golden) =>
        WaveformPreprocessing.Open(Path.GetDirectoryName(RepositoryFiles.Golden(golden, "preprocessor_config.json"))!);

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, 2e-6f);
    }
}
