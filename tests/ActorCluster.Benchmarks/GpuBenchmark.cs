using System.Diagnostics;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Benchmarks;

/// <summary>BEiT and WavLM of the published large sizes, with random weights, on a GPU: what a caller waits for, copies to the device and back included.</summary>
internal static class GpuBenchmark
{
    private const int SampleRate = 16000;
    private const int Seconds = 14;
    private static readonly int[] BeitBatches = [8, 32, 128];
    private static readonly int[] WavLmBatches = [4, 16];

    public static void Run(int repetitions)
    {
        var device = TorchDevice.Parse("cuda:0");
        device.Require();
        using var work = new WorkFolder();
        var (beit, wavlm) = (work.NewFolder("beit"), work.NewFolder("wavlm"));
        Parallel.Invoke(
            () => TinyCheckpoints.WriteBeit(beit, new TinyBeitSizes(224, 16, 1024, 4096, 24, 16), seed: 1),
            () => TinyCheckpoints.WriteWavLm(wavlm, new TinyWavLmSizes(512, 1024, 4096, 24, 16, 320, 800, 128, 16), seed: 1));
        Figures.Caption($"{device}, {repetitions} repetitions, random weights, {TorchRuntime.Version}.");
        var images = new MarkdownTable("model", "precision", "batch", "a batch, ms", "images/s");
        var sound = new MarkdownTable("model", "precision", "batch", $"a batch of {Seconds} s, ms", "x real time");
        foreach (var precision in Enum.GetValues<EncoderPrecision>())
        {
            foreach (var batch in BeitBatches)
            {
                using var encoder = BeitEncoder.Load(beit, device, precision, batch);
                var pixels = Noise(batch * encoder.InputWidth);
                var pooled = new float[batch * encoder.FeatureWidth];
                var times = Times(repetitions, () => encoder.Encode(pixels, batch, pooled));
                images.Add("BEiT-Large size", $"{precision}", $"{batch}", Figures.Spread([.. times.Select(time => time * 1000)], "F2"), $"{batch / Figures.Median(times):F0}");
            }

            foreach (var batch in WavLmBatches)
            {
                using var encoder = WavLmEncoder.Load(wavlm, device, precision, batch, Seconds * SampleRate);
                var samples = Noise(batch * encoder.SegmentSamples);
                int[] lengths = [.. Enumerable.Repeat(encoder.SegmentSamples, batch)];
                var tokens = new float[batch * encoder.TokenCount * encoder.Config.HiddenSize];
                var times = Times(repetitions, () => encoder.Encode(samples, lengths, [], tokens));
                sound.Add("WavLM-Large size", $"{precision}", $"{batch}", Figures.Spread([.. times.Select(time => time * 1000)], "F2"), $"{batch * Seconds / Figures.Median(times):F0}");
            }
        }

        images.Write();
        sound.Write();
    }

    private static List<double> Times(int repetitions, Action encode)
    {
        // The first passes choose kernels and take memory.
        for (var i = 0; i < 3; i++)
        {
            encode();
        }

        var times = new List<double>();
        for (var i = 0; i < repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            encode();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return times;
    }

    private static float[] Noise(int count)
    {
        var random = new Random(2);
        var noise = new float[count];
        foreach (ref var value in noise.AsSpan())
        {
            value = (random.NextSingle() * 2) - 1;
        }

        return noise;
    }
}
