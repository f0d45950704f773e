using ActorCluster.Models.Tests.Torch;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Tests.Shared;
using Xunit.Abstractions;

namespace ActorCluster.Models.Tests.WavLm;

/// <summary>A segment's result does not depend on how it is batched: bit for bit.</summary>
public class WavLmIdentityTests(ITestOutputHelper log)
{
    private const int Batch = 4;
    private const int Samples = 32000;

    // Wide enough for products of matrices that are split between threads and into blocks.
    private static readonly TinyWavLmSizes Sizes = new(ConvChannels: 128, HiddenSize: 256, IntermediateSize: 1024, Heads: 4, PositionKernel: 128, PositionGroups: 16);

    [Theory]
    [InlineData(true, EncoderPrecision.Float32)]
    [InlineData(true, EncoderPrecision.BFloat16)]
    [InlineData(false, EncoderPrecision.Float32)]
    [InlineData(false, EncoderPrecision.BFloat16)]
    public void Encode_AnyPositionNeighboursAndFilling_IsBitIdentical(bool large, EncoderPrecision precision)
    {
        using var folder = Model(large);
        using var encoder = WavLmEncoderTests.Load(folder.Path, Samples, precision, Batch);
        var segment = Noise(1, Samples, 0.5f);
        foreach (var (set, length) in (ReadOnlySpan<(int, int)>)[(0, Samples), (1, 20011), (2, Samples)])
        {
            var expected = Encode(encoder, [(segment, length)])[0];
            Assert.True(expected.Distinct().Count() > 1000);
            for (var position = 0; position < Batch; position++)
            {
                // Neighbours of other lengths and loudness; full batches, and partial ones that end with the segment.
                foreach (var count in (int[])[Batch, position + 1])
                {
                    var batch = Enumerable.Range(0, count)
                        .Select(i => i == position ? (segment, length) : (Noise((100 * set) + i, Samples, 0.1f * (set + 1)), Samples - (4919 * i * set)))
                        .ToArray();
                    Assert.Equal(expected, Encode(encoder, batch)[position]);
                }
            }
        }
    }

    // What threads do to the bits is the encoder hash's business; here it is measured, and kept within rounding.
    [Theory]
    [InlineData(true, EncoderPrecision.Float32)]
    [InlineData(true, EncoderPrecision.BFloat16)]
    [InlineData(false, EncoderPrecision.Float32)]
    [InlineData(false, EncoderPrecision.BFloat16)]
    public void Encode_OneOrTwoThreads_DiffersByRoundingAtMost(bool large, EncoderPrecision precision)
    {
        using var folder = Model(large);
        var results = new float[2][];
        for (var threads = 1; threads <= 2; threads++)
        {
            var own = new Thread(count =>
            {
                TorchRuntime.UseThreads((int)count!);
                using var encoder = WavLmEncoderTests.Load(folder.Path, Samples, precision, 1);
                results[(int)count - 1] = Encode(encoder, [(Noise(1, Samples, 0.5f), Samples)])[0];
            });
            own.Start(threads);
            own.Join();
        }

        var difference = WavLmGoldens.Difference(results[0], results[1]);
        log.WriteLine($"1 against 2 threads: {results[0].Zip(results[1]).Count(pair => pair.First != pair.Second)} of {results[0].Length} values differ, at most by {difference:e2}");
        Assert.InRange(difference, 0, precision == EncoderPrecision.Float32 ? WavLmGoldens.Tolerance : 0.1);
    }

    [Theory]
    [InlineData(true, EncoderPrecision.Float32)]
    [InlineData(true, EncoderPrecision.BFloat16)]
    [InlineData(false, EncoderPrecision.Float32)]
    public void ForAnotherThread_TwoThreadsAtOnce_SameBitsAsAlone(bool large, EncoderPrecision precision)
    {
        const int Length = 16000;
        using var folder = Model(large);
        using var encoder = WavLmEncoderTests.Load(folder.Path, Length, precision, 1);
        using var other = encoder.ForAnotherThread();

        EncoderThreads.CompareTwoWithAlone([encoder, other], (mine, pass) => Encode(mine, [(Noise(pass, Length, 0.5f), Length - (pass * 100))])[0]);
    }

    [Fact]
    public void Encode_ManyBatches_LeavesNoTensors()
    {
        using var folder = Model(large: true);
        using var encoder = WavLmEncoderTests.Load(folder.Path, 8000);
        var segment = Noise(1, 8000, 0.5f);
        var tokens = new float[encoder.TokenCount * encoder.Config.HiddenSize];
        encoder.Encode(segment, [8000], [], tokens);

        // Only this thread's tensors are looked at: other tests run beside.
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 50; i++)
        {
            encoder.Encode(segment, [8000], [1, 2], tokens);
        }

        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static ModelFolder Model(bool large)
    {
        TorchRuntime.Load();
        var folder = new ModelFolder(WavLmGoldens.Large);
        TinyCheckpoints.WriteWavLm(folder.Path, Sizes with { Large = large }, seed: 5);
        return folder;
    }

    private static float[][] Encode(WavLmEncoder encoder, (float[] Samples, int Length)[] batch)
    {
        var size = encoder.TokenCount * encoder.Config.HiddenSize;
        var tokens = new float[batch.Length * size];
        encoder.Encode([.. batch.SelectMany(item => item.Samples)], [.. batch.Select(item => item.Length)], [], tokens);
        return [.. tokens.Chunk(size)];
    }

    private static float[] Noise(int seed, int count, float scale)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * scale)];
    }
}
