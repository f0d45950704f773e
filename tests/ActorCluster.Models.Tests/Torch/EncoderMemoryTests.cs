using ActorCluster.Models.Beit;
using ActorCluster.Models.Tests.Beit;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Tests.Shared;
using static TorchSharp.torch;

namespace ActorCluster.Models.Tests.Torch;

/// <summary>Alone, because <see cref="Tensor.TotalCount"/> is the process's.</summary>
[CollectionDefinition(nameof(EncoderMemoryTests), DisableParallelization = true)]
[Collection(nameof(EncoderMemoryTests))]
public sealed class EncoderMemoryTests
{
    private const int Batches = 500;

    [Theory]
    [InlineData(EncoderPrecision.Float32)]
    [InlineData(EncoderPrecision.BFloat16)]
    public void Encode_FiveHundredBatchesOfBeit_TensorCountIsFlat(EncoderPrecision precision)
    {
        using var folder = new TemporaryModel(path => TinyCheckpoints.WriteBeit(path, new TinyBeitSizes(), seed: 5));
        using var encoder = BeitEncoder.Load(folder.Path, TorchDevice.Cpu, precision, batch: 2);
        var images = TemporaryModel.RandomImages(encoder, 2, seed: 1);
        var pooled = new float[2 * encoder.FeatureWidth];

        AssertFlat(() => encoder.Encode(images, 2, pooled));
    }

    [Theory]
    [InlineData(true, EncoderPrecision.Float32)]
    [InlineData(true, EncoderPrecision.BFloat16)]
    [InlineData(false, EncoderPrecision.Float32)]
    public void Encode_FiveHundredBatchesOfWavLm_TensorCountIsFlat(bool large, EncoderPrecision precision)
    {
        const int Samples = 2000;
        using var folder = new TemporaryModel(path => TinyCheckpoints.WriteWavLm(path, new TinyWavLmSizes(Large: large), seed: 5));
        using var encoder = WavLmEncoder.Load(folder.Path, TorchDevice.Cpu, precision, batch: 2, Samples);
        var segments = new float[2 * Samples];
        Array.Fill(segments, 0.5f);
        var tokens = new float[2 * encoder.TokenCount * encoder.Config.HiddenSize];

        AssertFlat(() => encoder.Encode(segments, [Samples, Samples / 2], [1, 2], tokens));
    }

    private static void AssertFlat(Action encode)
    {
        long before = 0;

        EncoderThreads.Run(() =>
        {
            encode();
            for (var i = 0; i < 2; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            before = Tensor.TotalCount;
            for (var i = 0; i < Batches; i++)
            {
                encode();
            }
        });

        // What other tests left to the finalizer may still go; a leak would add as many as there are batches.
        Assert.InRange(Tensor.TotalCount, 1, before);
    }
}
