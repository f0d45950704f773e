using ActorCluster.Core;
using ActorCluster.Models.Fusion;
using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Tests.Fusion;

public sealed class FusionNetworkTests : IDisposable
{
    private static readonly float[] Garbage = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue];
    private readonly FusionNetwork _network = FusionSamples.Network(FusionSamples.Config, 1);
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _network.Dispose();
    }

    [Fact]
    public void Forward_AnyMasks_GarbageUnderThemReachesNoOutputAndNoGradient()
    {
        var masks = Gen.Bool.Array[7].Array[3];
        Gen.Select(masks, masks, masks, Gen.Int[0, 1000]).Sample(
            (visual, audio, frames, seed) =>
            {
                using var scope = NewDisposeScope();
                var clean = FusionSamples.Batch(FusionSamples.Config, seed, visual, audio, frames);
                var littered = clean with
                {
                    Visual = Litter(clean.Visual, clean.VisualPresent.logical_and(clean.Frames)),
                    Audio = Litter(clean.Audio, clean.AudioPresent.logical_and(clean.Frames)),
                };
                var (output, gradients) = Run(clean);
                var (outputOfLittered, gradientsOfLittered) = Run(littered);

                Assert.All(FusionSamples.Values(output.Logits), value => Assert.True(float.IsFinite(value)));
                Assert.All(FusionSamples.Values(output.Gate), value => Assert.InRange(value, 0f, 1f));
                Assert.Equal(FusionSamples.Bits(output.Logits), FusionSamples.Bits(outputOfLittered.Logits));
                Assert.Equal(FusionSamples.Bits(output.Gate), FusionSamples.Bits(outputOfLittered.Gate));
                Assert.All(gradients.Zip(gradientsOfLittered), pair =>
                {
                    Assert.All(pair.First, value => Assert.True(float.IsFinite(value)));
                    Assert.Equal(pair.First, pair.Second);
                });
            },
            iter: 40,
            threads: 1);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Forward_OneModalityWhollyMissing_FiniteAndStillReadsTheOther(bool visual, bool audio)
    {
        var batch = FusionSamples.Batch(FusionSamples.Config, 5, FusionSamples.All(visual, 2, 7), FusionSamples.All(audio, 2, 7), FusionSamples.All(true, 2, 7));

        var output = _network.call(batch);
        var other = _network.call(batch with { Visual = batch.Visual + 1, Audio = batch.Audio });
        var third = _network.call(batch with { Audio = batch.Audio + 1 });

        Assert.All(FusionSamples.Values(output.Logits), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(visual, !FusionSamples.Bits(output.Logits).SequenceEqual(FusionSamples.Bits(other.Logits)));
        Assert.Equal(audio, !FusionSamples.Bits(output.Logits).SequenceEqual(FusionSamples.Bits(third.Logits)));
        Assert.False(output.FromPrior.any().item<bool>());
    }

    [Fact]
    public void Forward_BothMissing_IsThePriorFlaggedAndWithoutGradient()
    {
        var missing = FusionSamples.All(false, 2, 7);
        var output = _network.call(FusionSamples.Batch(FusionSamples.Config, 6, missing, missing, FusionSamples.All(true, 2, 7)));

        var probabilities = FusionSamples.Values(output.Logits.softmax(-1));
        for (var i = 0; i < probabilities.Length; i++)
        {
            Assert.Equal(FusionSamples.Config.Prior[i % Expressions.Count], probabilities[i], 1e-6);
        }

        Assert.True(output.FromPrior.all().item<bool>());
        output.Logits.square().sum().backward();
        Assert.All(_network.named_parameters(), p => Assert.All(FusionSamples.Values(p.parameter.grad ?? zeros(1)), value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Forward_MixedMasks_GateForcedWhereOneIsMissing()
    {
        bool[][] visual = [[true, true, false, false, true, true, true]];
        bool[][] audio = [[true, false, true, false, true, true, true]];
        bool[][] frames = [[true, true, true, true, true, true, false]];

        var output = _network.call(FusionSamples.Batch(FusionSamples.Config, 7, visual, audio, frames));

        var gate = FusionSamples.Values(output.Gate);
        Assert.Equal((1f, 0f, 0f, 0f), (gate[1], gate[2], gate[3], gate[6]));
        Assert.All([gate[0], gate[4], gate[5]], value => Assert.InRange(value, 0.01f, 0.99f));
        Assert.Equal([false, false, false, true, false, false, true], output.FromPrior.data<bool>().ToArray());
    }

    [Fact]
    public void Forward_ShortVideoPadded_EqualsTheShortVideoAlone()
    {
        bool[][] frames = [[true, true, true, true, false, false, false]];
        var padded = FusionSamples.Batch(FusionSamples.Config, 8, FusionSamples.All(true, 1, 7), FusionSamples.All(true, 1, 7), frames);
        var alone = new FusionBatch(
            padded.Visual[.., ..4], padded.Audio[.., ..4], padded.VisualPresent[.., ..4], padded.AudioPresent[.., ..4], padded.Frames[.., ..4]);

        var difference = (_network.call(padded).Logits[.., ..4] - _network.call(alone).Logits).abs().max().item<float>();

        Assert.InRange(difference, 0, 1e-5f);
    }

    [Theory]
    [InlineData(PositionKind.Sinusoidal, true)]
    [InlineData(PositionKind.Learned, true)]
    [InlineData(PositionKind.None, false)]
    public void Forward_FramesReversed_OrderMattersWithPositionsOnly(PositionKind position, bool matters)
    {
        using var network = FusionSamples.Network(FusionSamples.Config with { Position = position }, 2);
        var all = FusionSamples.All(true, 1, 7);
        var batch = FusionSamples.Batch(FusionSamples.Config, 9, all, all, all);

        var reversed = network.call(batch with { Visual = batch.Visual.flip(1), Audio = batch.Audio.flip(1) }).Logits.flip(1);

        var difference = (network.call(batch).Logits - reversed).abs().max().item<float>();
        Assert.True(matters ? difference > 1e-3 : difference < 1e-5, $"The logits differ by {difference}.");
    }

    [Fact]
    public void Sinusoids_KnownPlaces_AreVaswanis()
    {
        var table = FusionBranch.Sinusoids(64, 24, CPU);

        Assert.Equal([64, 24], table.shape);
        Assert.Equal(Math.Sin(5), table[5, 0].item<float>(), 1e-6);
        Assert.Equal(Math.Cos(63 / Math.Pow(10_000, 10.0 / 24)), table[63, 11].item<float>(), 1e-6);
    }

    [Fact]
    public void Constructor_SameSeed_SameParameters()
    {
        Assert.Equal(Parameters(3), Parameters(3));
        Assert.NotEqual(Parameters(3), Parameters(4));

        float[] Parameters(long seed)
        {
            using var network = new FusionNetwork(FusionSamples.Config with { Position = PositionKind.Learned }, seed);
            return [.. network.parameters().SelectMany(FusionSamples.Values)];
        }
    }

    [Fact]
    public void Constructor_InsideADisposeScope_OutlivesIt()
    {
        FusionNetwork network;
        using (NewDisposeScope())
        {
            network = new FusionNetwork(FusionSamples.Config with { Position = PositionKind.Learned }, 1);
        }

        using var _ = network;
        var all = FusionSamples.All(true, 1, 7);
        Assert.Equal([1, 7, 8], network.call(FusionSamples.Batch(FusionSamples.Config, 1, all, all, all)).Logits.shape);
    }

    [Fact]
    public void To_AnotherDevice_ParametersKeepTheirNames()
    {
        using var network = new FusionNetwork(FusionSamples.Config with { Position = PositionKind.Learned }, 1);
        var names = network.named_parameters().Select(p => p.name).ToArray();

        network.to(new Device(DeviceType.META));

        Assert.Equal(names, network.named_parameters().Select(p => p.name));
        Assert.All(network.parameters(), parameter => Assert.Equal(DeviceType.META, parameter.device_type));
    }

    [Fact]
    public void Constructor_ContradictoryConfig_NamesKeys()
    {
        var e = Assert.Throws<ArgumentException>(() => new FusionNetwork(FusionSamples.Config with { Heads = 5 }, 1));
        Assert.Contains("hiddenSize 24 is not a multiple of heads 5", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_WrongShapeOrType_NamesTheTensor()
    {
        var all = FusionSamples.All(true, 2, 7);
        var batch = FusionSamples.Batch(FusionSamples.Config, 10, all, all, all);

        AssertRefused(batch with { Visual = batch.Audio }, "visual features have the shape [2, 7, 6]; it must be [2, 7, 10]");
        AssertRefused(batch with { AudioPresent = batch.AudioPresent[..1] }, "audio mask have the shape [1, 7]; it must be [2, 7]");
        AssertRefused(batch with { AudioPresent = batch.AudioPresent.to(ScalarType.Float32) }, "audio mask have the type Float32");
        AssertRefused(batch with { Frames = ones(2, 8, ScalarType.Bool) }, "[batch, 1 to 7]");

        void AssertRefused(FusionBatch input, string text) =>
            Assert.Contains(text, Assert.Throws<ArgumentException>(() => _network.call(input)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_Dropout_InTrainingOnly()
    {
        using var network = FusionSamples.Network(FusionSamples.Config with { Dropout = 0.5 }, 1);
        var all = FusionSamples.All(true, 1, 7);
        var batch = FusionSamples.Batch(FusionSamples.Config, 1, all, all, all);

        network.train();
        Assert.NotEqual(FusionSamples.Bits(network.call(batch).Logits), FusionSamples.Bits(network.call(batch).Logits));
        network.eval();
        Assert.Equal(FusionSamples.Bits(network.call(batch).Logits), FusionSamples.Bits(network.call(batch).Logits));
    }

    [Fact]
    public void Train_SeparableClasses_LossFalls()
    {
        const int Windows = 16;
        var config = FusionSamples.Config with { ModalityDropout = new(0.3, DroppedModality.Either) };
        using var network = new FusionNetwork(config, 11);
        using var generator = new Generator(12);
        using var optimizer = optim.AdamW(network.parameters(), lr: 3e-3);
        var all = FusionSamples.All(true, Windows, 7);
        var noise = FusionSamples.Batch(config, 13, all, all, all);
        var labels = arange(Windows, ScalarType.Int64).remainder(Expressions.Count).unsqueeze(1).expand(Windows, 7);
        var codes = FusionSamples.Normal(14, Expressions.Count, config.VisualWidth + config.AudioWidth)[labels];
        var batch = noise with
        {
            Visual = codes[TensorIndex.Ellipsis, ..config.VisualWidth] + (0.1 * noise.Visual),
            Audio = codes[TensorIndex.Ellipsis, config.VisualWidth..] + (0.1 * noise.Audio),
        };
        var before = Loss(batch).item<float>();
        network.train();
        for (var step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            var (visual, audio) = ModalityDropout.Apply(batch.VisualPresent, batch.AudioPresent, batch.Frames, config.ModalityDropout, generator);
            optimizer.zero_grad();
            Loss(batch with { VisualPresent = visual, AudioPresent = audio }).backward();
            optimizer.step();
        }

        var after = Loss(batch).item<float>();
        Assert.True(after < 0.5 * before, $"The loss went from {before} to {after}.");

        Tensor Loss(FusionBatch input) => nn.functional.cross_entropy(network.call(input).Logits.flatten(0, 1), labels.flatten());
    }

    private static Tensor Litter(Tensor features, Tensor live)
    {
        var litter = tensor(Garbage).repeat((features.numel() / Garbage.Length) + 1)[..(int)features.numel()].view(features.shape);
        return where(live.unsqueeze(-1), features, litter);
    }

    private (FusionOutput Output, float[][] Gradients) Run(FusionBatch batch)
    {
        _network.zero_grad();
        var output = _network.call(batch);
        (output.Logits.square().sum() + output.Gate.sum()).backward();
        return (output, [.. _network.parameters().Select(p => p.grad is { } gradient ? FusionSamples.Values(gradient) : [])]);
    }
}
