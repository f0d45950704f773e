using System.Runtime.InteropServices;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Tests.Torch;
using ActorCluster.Models.Torch;
using ActorCluster.Tests.Shared;
using TorchSharp;
using Xunit.Abstractions;

namespace ActorCluster.Models.Tests.Beit;

/// <summary>An image's result is the same bits wherever in the batch it stands and whatever stands beside it.</summary>
public sealed class BeitIdentityTests(ITestOutputHelper output) : IDisposable
{
    private const int Batch = 8;

    // As many tokens as the published models have, and widths that are no multiple of a vector block.
    private readonly TemporaryModel folder = new(path => TinyCheckpoints.WriteBeit(path, new TinyBeitSizes(224, 16, 120, 328, 2, 3), seed: 5));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(EncoderPrecision.Float32)]
    [InlineData(EncoderPrecision.BFloat16)]
    public void Encode_AnyPlaceNeighboursAndPadding_SameBits(EncoderPrecision precision)
    {
        using var encoder = Load(precision);
        var image = TemporaryModel.RandomImages(encoder, 1, seed: 1);
        var expected = Encode(encoder, image, 1);
        for (var neighbours = 0; neighbours < 3; neighbours++)
        {
            for (var place = 0; place < Batch; place++)
            {
                var images = TemporaryModel.RandomImages(encoder, Batch, seed: 10 + neighbours);
                if (neighbours == 2)
                {
                    // Neighbours that overflow every sum.
                    images.AsSpan().Fill(float.NaN);
                }

                image.CopyTo(images.AsSpan(place * encoder.InputWidth));
                foreach (var count in new[] { place + 1, Batch })
                {
                    var pooled = Encode(encoder, images.AsSpan(0, count * encoder.InputWidth), count);
                    Assert.Equal(Bits(expected), Bits(pooled.AsSpan(place * encoder.FeatureWidth, encoder.FeatureWidth)));
                }
            }
        }

        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
    }

    // The identity of an encoder need not hold the number of threads as long as this holds.
    [Theory]
    [InlineData(EncoderPrecision.Float32)]
    [InlineData(EncoderPrecision.BFloat16)]
    public void Encode_OneAndTwoThreads_DifferByRoundingAtMost(EncoderPrecision precision)
    {
        using var encoder = Load(precision);
        var images = TemporaryModel.RandomImages(encoder, Batch, seed: 2);
        var results = new float[2][];
        foreach (var threads in new[] { 1, 2 })
        {
            var thread = new Thread(() =>
            {
                TorchRuntime.UseThreads(threads);
                results[threads - 1] = Encode(encoder, images, Batch);
            });
            thread.Start();
            thread.Join();
        }

        var difference = BeitGoldenTests.LargestDifference(results[0], results[1]);
        output.WriteLine($"{precision}: 1 and 2 threads differ by {difference:g3} at most.");
        Assert.InRange(difference, 0, precision == EncoderPrecision.Float32 ? 1e-5 : 0.05);
    }

    [Theory]
    [InlineData(EncoderPrecision.Float32)]
    [InlineData(EncoderPrecision.BFloat16)]
    public void ForAnotherThread_TwoThreadsAtOnce_SameBitsAsAlone(EncoderPrecision precision)
    {
        using var encoder = BeitEncoder.Load(folder.Path, TorchDevice.Cpu, precision, batch: 2);
        using var other = encoder.ForAnotherThread();

        EncoderThreads.CompareTwoWithAlone(
            [encoder, other],
            (mine, pass) => Encode(mine, TemporaryModel.RandomImages(mine, 2, seed: pass), 2));
    }

    [Fact]
    public void Dispose_OneOfTwo_LeavesTheOtherItsWeights()
    {
        var encoder = Load(EncoderPrecision.Float32);
        var images = TemporaryModel.RandomImages(encoder, 1, seed: 1);
        var expected = Encode(encoder, images, 1);
        var weights = encoder.Model;
        using (var other = encoder.ForAnotherThread())
        {
            Assert.Same(weights, other.Model);
            encoder.Dispose();
            encoder.Dispose();

            Assert.Equal(expected, Encode(other, images, 1));
            Assert.Throws<ObjectDisposedException>(encoder.ForAnotherThread);
        }

        Assert.True(weights.Layers.All(layer => layer.IsDisposed));
    }

    [Fact]
    public void Encode_BFloat16_StaysNearFloat32()
    {
        using var single = Load(EncoderPrecision.Float32);
        using var half = Load(EncoderPrecision.BFloat16);
        var images = TemporaryModel.RandomImages(single, Batch, seed: 2);

        var (expected, actual) = (Encode(single, images, Batch), Encode(half, images, Batch));

        var difference = BeitGoldenTests.LargestDifference(expected, actual);
        var mean = expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Average();
        output.WriteLine($"bfloat16 differs from float32 by {difference:g3} at most, {mean:g3} on average; values reach {expected.Max(Math.Abs):g3}.");
        Assert.InRange(difference, 1e-6, 0.05);
    }

    // Counted per thread, so that other tests do not disturb it; the benchmarks watch the process's memory.
    [Fact]
    public void Encode_ManyBatches_LeavesNoTensorBehind()
    {
        using var encoder = Load(EncoderPrecision.Float32);
        var images = TemporaryModel.RandomImages(encoder, Batch, seed: 2);
        Encode(encoder, images, Batch);
        encoder.EncodeAll(images, Batch);
        var before = LiveTensors();

        for (var i = 0; i < 60; i++)
        {
            Encode(encoder, images, Batch);
        }

        encoder.EncodeAll(images, Batch);
        Assert.Equal(before, LiveTensors());
    }

    private static long LiveTensors() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private static float[] Encode(BeitEncoder encoder, ReadOnlySpan<float> images, int count)
    {
        var pooled = new float[count * encoder.FeatureWidth];
        encoder.Encode(images, count, pooled);
        return pooled;
    }

    private static byte[] Bits(ReadOnlySpan<float> values) => MemoryMarshal.AsBytes(values).ToArray();

    private BeitEncoder Load(EncoderPrecision precision) => BeitEncoder.Load(folder.Path, TorchDevice.Cpu, precision, Batch);
}
