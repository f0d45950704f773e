using System.Runtime.InteropServices;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Tests.WavLm;

/// <summary>The parts of the model against the reference's intermediates, to tell where an error lies.</summary>
public class WavLmIntermediateTests
{
    [Theory]
    [InlineData(WavLmGoldens.Large)]
    [InlineData(WavLmGoldens.Masked)]
    [InlineData(WavLmGoldens.Base)]
    public void Parts_GoldenCase_EqualReferenceIntermediates(string name)
    {
        TorchRuntime.Load();
        using var io = WavLmGoldens.Io(name);
        var config = WavLmConfig.Load(WavLmGoldens.Model(name));
        var lengths = WavLmGoldens.Lengths(io);
        var samples = (int)io.Find("input.input_values").Shape[1];
        using var inference = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        using var checkpoint = Checkpoint.Open(WavLmGoldens.Model(name));
        var parameters = WavLmParameters.Find(checkpoint, config);
        using var model = new WavLmModel(config, parameters, samples, CPU, ScalarType.Float32);

        var weight = PositionalConvolution.Weight(parameters.Read("encoder.pos_conv_embed.conv.weight_g"), parameters.Read("encoder.pos_conv_embed.conv.weight_v"));
        Check(io, "check.pos_conv_weight", weight);
        Check(io, "check.position_bias", model.PositionBias);
        var input = Read(io, "input.input_values");
        Check(io, "check.conv_features", torch.stack([.. lengths.Select((length, i) => model.Stem.Apply(input[i], length))]));

        // The positional convolution and the first layer get what the reference's got.
        var projected = Project(parameters, Read(io, "output.extract_features"));
        var mask = Enumerable.Range(0, lengths.Length).SelectMany(i => Enumerable.Range(0, model.TokenCount).Select(k => k >= config.TokenCount(lengths[i]))).ToArray();
        if (io.Contains("check.feature_attention_mask"))
        {
            Assert.Equal(io.Read<byte>("check.feature_attention_mask").Select(live => live == 0), mask);
        }

        var masked = torch.tensor(mask, [lengths.Length, model.TokenCount]);
        Check(io, "check.pos_conv_output", model.Positional.Apply(projected.masked_fill(masked.unsqueeze(2), 0)));
        var hidden = Read(io, "output.hidden_states.0");
        var keyMask = torch.zeros(masked.shape).masked_fill(masked, float.NegativeInfinity).unsqueeze(1).unsqueeze(1);
        var attentionInput = config.StableLayerNorm
            ? nn.functional.layer_norm(hidden, [config.HiddenSize], parameters.Read("encoder.layers.0.layer_norm.weight"), parameters.Read("encoder.layers.0.layer_norm.bias"))
            : hidden;
        Check(io, "check.layer0.attention_output", model.Layers[0].Attend(attentionInput, model.PositionBias, keyMask));
    }

    // 187 and 312 tokens: two and three tiles; and lengths that end inside.
    [Theory]
    [InlineData(true, 60000, 60000)]
    [InlineData(true, 100000, 70001)]
    [InlineData(false, 60000, 60000)]
    [InlineData(false, 100000, 70001)]
    public void Stem_SegmentOfSeveralTiles_EqualsConvolutionsOverTheWhole(bool large, int samples, int length)
    {
        TorchRuntime.Load();
        var folder = WavLmGoldens.Folder(large ? WavLmGoldens.Large : WavLmGoldens.Base);
        var config = WavLmConfig.Load(folder);
        using var inference = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        using var checkpoint = Checkpoint.Open(folder);
        var parameters = WavLmParameters.Find(checkpoint, config);
        using var stem = new WaveformStem(config, parameters, CPU, ScalarType.Float32);
        var input = torch.randn([samples], generator: new Generator(3));

        // The reference sees the real samples only, whose tokens come first.
        var expected = input[TensorIndex.Slice(0, length)].view(1, 1, length);
        for (var i = 0; i < config.ConvolutionChannels.Length; i++)
        {
            var name = $"feature_extractor.conv_layers.{i}.";
            expected = nn.functional.conv1d(expected, parameters.Read(name + "conv.weight"), stride: config.ConvolutionStrides[i]);
            if (large)
            {
                expected = nn.functional.layer_norm(
                    expected.transpose(1, 2), [config.ConvolutionChannels[i]], parameters.Read(name + "layer_norm.weight"), parameters.Read(name + "layer_norm.bias")).transpose(1, 2);
            }
            else if (i == 0)
            {
                expected = nn.functional.group_norm(expected, config.ConvolutionChannels[0], parameters.Read(name + "layer_norm.weight"), parameters.Read(name + "layer_norm.bias"));
            }

            expected = nn.functional.gelu(expected);
        }

        var actual = stem.Apply(input, length);

        Assert.Equal(config.TokenCount(samples), actual.shape[0]);
        Assert.Equal(config.TokenCount(length), expected.shape[2]);
        WavLmGoldens.AssertClose(Values(expected[0].t()), Values(actual[TensorIndex.Slice(0, expected.shape[2])]), "the stem");
    }

    // Kernels of odd and even length, and counts of tokens about the length of a block.
    [Theory]
    [InlineData(16, 1)]
    [InlineData(16, 16)]
    [InlineData(16, 17)]
    [InlineData(16, 18)]
    [InlineData(15, 35)]
    [InlineData(1, 5)]
    [InlineData(19, 200)]
    public void PositionalConvolution_AnyKernel_EqualsConvolutionWithPadding(int kernel, int tokens)
    {
        TorchRuntime.Load();
        var config = WavLmConfig.Load(WavLmGoldens.Folder(WavLmGoldens.Large)) with { PositionalKernel = kernel };
        using var inference = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var random = new Generator(7);
        var g = torch.randn([1, 1, kernel], generator: random);
        var v = torch.randn([config.HiddenSize, config.HiddenSize / config.PositionalGroups, kernel], generator: random);
        var bias = torch.randn([config.HiddenSize], generator: random);
        var weight = PositionalConvolution.Weight(g, v);
        var input = torch.randn([2, tokens, config.HiddenSize], generator: random);
        var expected = nn.functional.conv1d(
            input.transpose(1, 2), weight, bias, padding: kernel / 2, groups: config.PositionalGroups);
        expected = nn.functional.gelu(expected[TensorIndex.Ellipsis, TensorIndex.Slice(0, tokens)]).transpose(1, 2).contiguous();
        using var convolution = new PositionalConvolution(config, g, v, bias, CPU);

        WavLmGoldens.AssertClose(Values(expected), Values(convolution.Apply(input)), "the convolution");
    }

    private static Tensor Project(CheckpointParameters parameters, Tensor features) =>
        nn.functional.linear(features, parameters.Read("feature_projection.projection.weight"), parameters.Read("feature_projection.projection.bias"));

    private static Tensor Read(SafetensorsFile io, string name) => torch.tensor(io.Read<float>(name), [.. io.Find(name).Shape]);

    private static ReadOnlySpan<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes);

    private static void Check(SafetensorsFile io, string name, Tensor actual)
    {
        Assert.Equal(io.Find(name).Shape, actual.shape);
        WavLmGoldens.AssertClose(io.Read<float>(name), Values(actual), name);
    }
}
