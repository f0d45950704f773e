using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using Xunit.Abstractions;

namespace ActorCluster.Models.Tests.WavLm;

public class WavLmEncoderTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData(WavLmGoldens.Large)]
    [InlineData(WavLmGoldens.Masked)]
    [InlineData(WavLmGoldens.Base)]
    public void EncodeAll_GoldenCase_EqualsEveryReferenceOutput(string name)
    {
        using var io = WavLmGoldens.Io(name);
        var outputs = Outputs(WavLmGoldens.Model(name), name, EncoderPrecision.Float32);

        foreach (var expected in io.Tensors.Where(tensor => tensor.Name.StartsWith("output.", StringComparison.Ordinal)))
        {
            var actual = outputs[expected.Name["output.".Length..]];
            Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
            log.WriteLine($"{expected.Name}: {WavLmGoldens.Difference(io.Read<float>(expected.Name), actual.Values):e2}");
            WavLmGoldens.AssertClose(io.Read<float>(expected.Name), actual.Values, expected.Name);
        }

        Assert.Equal(io.Tensors.Count(tensor => tensor.Name.StartsWith("output.", StringComparison.Ordinal)), outputs.Count);
    }

    [Fact]
    public void EncodeAll_TorchBin_EqualsSafetensorsBitForBit()
    {
        using var folder = new ModelFolder(WavLmGoldens.Base, "config.json", "pytorch_model.bin");

        var expected = Outputs(WavLmGoldens.Folder(WavLmGoldens.Base), WavLmGoldens.Base, EncoderPrecision.Float32);
        var actual = Outputs(folder.Path, WavLmGoldens.Base, EncoderPrecision.Float32);

        Assert.All(expected, pair => Assert.Equal(pair.Value.Values, actual[pair.Key].Values));
    }

    // The error is that of 8 significant bits through four layers; the residual stream, norms and softmax have float32's.
    [Theory]
    [InlineData(WavLmGoldens.Large)]
    [InlineData(WavLmGoldens.Base)]
    public void EncodeAll_BFloat16_IsNearTheReference(string name)
    {
        using var io = WavLmGoldens.Io(name);
        var expected = io.Read<float>("output.last_hidden_state");
        var actual = Outputs(WavLmGoldens.Model(name), name, EncoderPrecision.BFloat16)["last_hidden_state"].Values;

        var error = Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (double)(e - a)).Sum() / expected.Sum(e => (double)e * e));
        log.WriteLine($"relative RMS error {error:e2}, greatest {WavLmGoldens.Difference(expected, actual):e2}");
        Assert.InRange(error, 1e-6, 0.02);
    }

    [Theory]
    [InlineData(WavLmGoldens.Large)]
    [InlineData(WavLmGoldens.Base)]
    public void Encode_ShortItemInPaddedSegment_EqualsItAlone(string name)
    {
        const int Length = 9000;
        using var io = WavLmGoldens.Io(WavLmGoldens.Masked);
        var samples = io.Read<float>("input.input_values").AsSpan(16000, Length).ToArray();
        using var alone = WavLmEncoder.Load(WavLmGoldens.Model(name), TorchDevice.Cpu, EncoderPrecision.Float32, 1, Length);
        using var padded = WavLmEncoder.Load(WavLmGoldens.Model(name), TorchDevice.Cpu, EncoderPrecision.Float32, 1, 16000);
        var segment = new float[16000];
        samples.CopyTo(segment, 0);

        // What lies past the length has no say.
        segment.AsSpan(Length).Fill(0.7f);
        var expected = new float[alone.TokenCount * alone.Config.HiddenSize];
        var actual = new float[padded.TokenCount * padded.Config.HiddenSize];
        alone.Encode(samples, [Length], [], expected);
        padded.Encode(segment, [Length], [], actual);

        log.WriteLine($"{WavLmGoldens.Difference(expected, actual.AsSpan(0, expected.Length)):e2}");
        WavLmGoldens.AssertClose(expected, actual.AsSpan(0, expected.Length), "the padded segment");
        Assert.All(actual[expected.Length..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Encode_ChosenLayers_GivesTheirMean()
    {
        using var io = WavLmGoldens.Io(WavLmGoldens.Large);
        using var encoder = Load(WavLmGoldens.Folder(WavLmGoldens.Large), 16400);
        var (samples, lengths) = (io.Read<float>("input.input_values"), WavLmGoldens.Lengths(io));
        var actual = new float[lengths.Length * encoder.TokenCount * encoder.Config.HiddenSize];
        encoder.Encode(samples, lengths, [1, 3, 4], actual);

        int[] layers = [1, 3, 4];
        var states = layers.Select(i => io.Read<float>($"output.hidden_states.{i}")).ToArray();
        var expected = Enumerable.Range(0, actual.Length).Select(i => states.Average(state => state[i])).ToArray();
        WavLmGoldens.AssertClose(expected, actual, "the mean");
    }

    [Fact]
    public void Encode_SilenceAndClipping_AreFinite()
    {
        foreach (var name in (string[])[WavLmGoldens.Large, WavLmGoldens.Base])
        {
            using var encoder = Load(WavLmGoldens.Folder(name), 4000);
            var samples = new float[2 * 4000];
            for (var i = 4000; i < 8000; i++)
            {
                samples[i] = i / 40 % 2 == 0 ? 1 : -1;
            }

            var tokens = new float[2 * encoder.TokenCount * encoder.Config.HiddenSize];
            encoder.Encode(samples, [4000, 4000], [], tokens);
            Assert.All(tokens, value => Assert.True(float.IsFinite(value)));
        }
    }

    [Fact]
    public void Encode_SegmentWithoutAToken_IsRefusedByName()
    {
        using var encoder = Load(WavLmGoldens.Folder(WavLmGoldens.Large), 4000);
        Assert.Equal(400, encoder.Config.MinSamples);

        var tokens = new float[2 * encoder.TokenCount * encoder.Config.HiddenSize];
        encoder.Encode(new float[8000], [4000, 400], [], tokens);
        var refused = Assert.Throws<ArgumentException>(() => encoder.Encode(new float[8000], [4000, 399], [], tokens));
        Assert.Contains("Segment 1 has 399 samples; fewer than 400 give no token.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_WrongSizes_AreRefused()
    {
        using var encoder = Load(WavLmGoldens.Folder(WavLmGoldens.Large), 4000);
        var tokens = new float[encoder.TokenCount * encoder.Config.HiddenSize];

        Assert.Throws<ArgumentException>(() => encoder.Encode(new float[3999], [4000], [], tokens));
        Assert.Throws<ArgumentException>(() => encoder.Encode(new float[4000], [4001], [], tokens));
        Assert.Throws<ArgumentException>(() => encoder.Encode(new float[4000], [4000], [5], tokens));
        Assert.Throws<ArgumentException>(() => encoder.Encode(new float[4000], [4000], [], tokens.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => encoder.Encode([], [], [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(WavLmGoldens.Folder(WavLmGoldens.Large), 399));
    }

    internal static WavLmEncoder Load(string folder, int samples, EncoderPrecision precision = EncoderPrecision.Float32, int batch = 4) =>
        WavLmEncoder.Load(folder, TorchDevice.Cpu, precision, batch, samples);

    private static Dictionary<string, EncoderOutput> Outputs(string folder, string name, EncoderPrecision precision)
    {
        using var io = WavLmGoldens.Io(name);
        using var encoder = Load(folder, (int)io.Find("input.input_values").Shape[1], precision);
        return encoder.EncodeAll(io.Read<float>("input.input_values"), WavLmGoldens.Lengths(io)).ToDictionary(output => output.Name);
    }
}
