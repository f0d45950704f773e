using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Benchmarks;

/// <summary>
/// BEiT and WavLM of the published large sizes, with random weights, on a GPU: what a caller waits for, copies to the device and back included; and whether a row's
/// result depends on its place, its neighbours or the batch's filling.
/// </summary>
internal static class GpuBenchmark
{
    private const int SampleRate = 16000;
    private const int Seconds = 14;
    private const int Neighbours = 3;
    private const int Places = 16;
    private static readonly int[] BeitBatches = [32, 128];
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
        var images = new MarkdownTable("model", "precision", "batch", "a batch, ms", "images/s", "results of one image");
        var sound = new MarkdownTable("model", "precision", "batch", $"a batch of {Seconds} s, ms", "x real time", "results of one segment");
        foreach (var precision in Enum.GetValues<EncoderPrecision>())
        {
            foreach (var batch in BeitBatches)
            {
                using var encoder = BeitEncoder.Load(beit, device, precision, batch);
                var pixels = Noise(batch * encoder.InputWidth);
                var pooled = new float[batch * encoder.FeatureWidth];
                var times = Times(repetitions, () => encoder.Encode(pixels, batch, pooled));
                images.Add("BEiT-Large size", $"{precision}", $"{batch}", Figures.Spread([.. times.Select(time => time * 1000)], "F2"), $"{batch / Figures.Median(times):F0}", Results(batch, encoder.InputWidth, encoder.FeatureWidth, encoder.Encode));
            }

            foreach (var batch in WavLmBatches)
            {
                using var encoder = WavLmEncoder.Load(wavlm, device, precision, batch, Seconds * SampleRate);
                var samples = Noise(batch * encoder.SegmentSamples);
                int[] lengths = [.. Enumerable.Repeat(encoder.SegmentSamples, batch)];
                var tokens = new float[batch * encoder.TokenCount * encoder.Config.HiddenSize];
                var times = Times(repetitions, () => encoder.Encode(samples, lengths, [], tokens));
                sound.Add("WavLM-Large size", $"{precision}", $"{batch}", Figures.Spread([.. times.Select(time => time * 1000)], "F2"), $"{batch * Seconds / Figures.Median(times):F0}", Results(batch, encoder.SegmentSamples, encoder.TokenCount * encoder.Config.HiddenSize, (rows, count, results) => encoder.Encode(rows, lengths.AsSpan(0, count), [], results)));
            }
        }

        images.Write();
        sound.Write();
    }

    /// <summary>How many different results one row has in places all over a full batch, with several sets of neighbours, and as the last of partial batches.</summary>
    private static string Results(int batch, int inputs, int outputs, Encode encode)
    {
        var row = Noise(inputs, seed: 3);
        var results = new float[batch * outputs];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var passes = 0;
        for (var set = 0; set <= Neighbours; set++)
        {
            var neighbours = Noise(batch * inputs, seed: 4 + set);
            var rows = neighbours.ToArray();
            foreach (var place in Enumerable.Range(0, batch).Where(place => place % Math.Max(1, batch / Places) == 0 || place == batch - 1))
            {
                var here = rows.AsSpan(place * inputs, inputs);
                row.CopyTo(here);
                var count = set < Neighbours ? batch : place + 1;
                encode(rows.AsSpan(0, count * inputs), count, results.AsSpan(0, count * outputs));
                seen.Add(Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(results.AsSpan(place * outputs, outputs)))));
                neighbours.AsSpan(place * inputs, inputs).CopyTo(here);
                passes++;
            }
        }

        return $"{seen.Count} in {passes} passes";
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

    private static float[] Noise(int count, int seed = 2)
    {
        var random = new Random(seed);
        var noise = new float[count];
        foreach (ref var value in noise.AsSpan())
        {
            value = (random.NextSingle() * 2) - 1;
        }

        return noise;
    }

    private delegate void Encode(ReadOnlySpan<float> rows, int count, Span<float> results);
}
