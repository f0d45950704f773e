using System.Diagnostics;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Tests.Shared;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Benchmarks;

/// <summary>BEiT of the published sizes, with random weights, against the bare matrix products of its shapes; what 500 batches of BEiT and WavLM leave behind.</summary>
internal static class EncoderBenchmark
{
    private const int Batch = 8;
    private const int Threads = 2;
    private const int ManyBatches = 500;

    private static readonly (string Name, TinyBeitSizes Sizes)[] Models =
    [
        ("BEiT-Base", new TinyBeitSizes(224, 16, 768, 3072, 12, 12)),
        ("BEiT-Large", new TinyBeitSizes(224, 16, 1024, 4096, 24, 16)),
    ];

    public static void Run(int repetitions)
    {
        TorchRuntime.UseThreads(Threads);
        using var folder = new WorkFolder();
        foreach (var (name, sizes) in Models)
        {
            var path = folder.NewFolder(name);
            TinyCheckpoints.WriteBeit(path, sizes, seed: 1);
            Figures.Caption($"{name}, 224 pixels, batch {Batch}, {Threads} threads, medians of {repetitions} (least to greatest), {TorchRuntime.Version}.");
            var table = new MarkdownTable("precision", "images/s", "bare `linear`, GFLOP/s", "of what `linear` allows, time", "of what `linear` allows, CPU time");
            foreach (var precision in Enum.GetValues<EncoderPrecision>())
            {
                table.Add([$"{precision}", .. Compare(path, precision, repetitions)]);
            }

            table.Write();
        }

        RepeatBeit(folder);
        RepeatWavLm(folder);
    }

    private static string[] Compare(string path, EncoderPrecision precision, int repetitions)
    {
        using var encoder = BeitEncoder.Load(path, TorchDevice.Cpu, precision, Batch);
        var config = encoder.Config;
        using var bare = new BareLinear(config, Batch, precision == EncoderPrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        var images = RandomImages(encoder);
        var pooled = new float[Batch * encoder.FeatureWidth];

        // Attention's two products, [N, D/H] x [D/H, N] and [N, N] x [N, D/H], of every head, at the speed of bare linear.
        var attention = 4.0 * config.TokenCount * config.TokenCount * config.HiddenSize * config.Layers * Batch;
        var allowance = 1 + (attention / bare.Operations);
        List<(double Time, double Cpu)> ours = [], theirs = [];
        encoder.Encode(images, Batch, pooled);
        bare.Run();
        for (var i = 0; i < repetitions; i++)
        {
            ours.Add(Measure(() => encoder.Encode(images, Batch, pooled)));
            theirs.Add(Measure(bare.Run));
        }

        double[] Ratio(Func<(double Time, double Cpu), double> of) => [.. ours.Zip(theirs, (mine, its) => of(its) * allowance / of(mine))];
        return
        [
            Figures.Spread([.. ours.Select(run => Batch / run.Time)], "F2"),
            Figures.Spread([.. theirs.Select(run => bare.Operations / run.Time / 1e9)], "F0"),
            Figures.Spread(Ratio(run => run.Time), "P1"),
            Figures.Spread(Ratio(run => run.Cpu), "P1"),
        ];
    }

    private static void RepeatBeit(WorkFolder folder)
    {
        var path = folder.NewFolder("small-beit");
        TinyCheckpoints.WriteBeit(path, new TinyBeitSizes(224, 16, 192, 768, 4, 3), seed: 1);
        using var encoder = BeitEncoder.Load(path, TorchDevice.Cpu, EncoderPrecision.Float32, Batch);
        var images = RandomImages(encoder);
        var pooled = new float[Batch * encoder.FeatureWidth];
        Repeat($"A small BEiT (width 192, 4 layers), batch {Batch}", () => encoder.Encode(images, Batch, pooled));
    }

    private static void RepeatWavLm(WorkFolder folder)
    {
        const int Samples = 48_000;
        var path = folder.NewFolder("small-wavlm");
        TinyCheckpoints.WriteWavLm(path, new TinyWavLmSizes(128, 192, 768, 4, 3, 320, 800, 128, 16), seed: 1);
        using var encoder = WavLmEncoder.Load(path, TorchDevice.Cpu, EncoderPrecision.Float32, 1, Samples);
        var random = new Random(2);
        float[] segment = [.. Enumerable.Range(0, Samples).Select(_ => (random.NextSingle() * 2) - 1)];
        var tokens = new float[encoder.TokenCount * encoder.Config.HiddenSize];
        Repeat("A small WavLM (width 192, 4 layers), segments of 3 s", () => encoder.Encode(segment, [Samples], [], tokens));
    }

    private static void Repeat(string model, Action encode)
    {
        Figures.Caption($"{model}, {ManyBatches} batches.");
        var table = new MarkdownTable("batches", "tensors alive", "resident, MiB");
        for (var done = 0; done <= ManyBatches; done++)
        {
            if (done % 100 == 0)
            {
                // Else the .NET heap's young garbage, which may reach tens of MiB before the runtime collects it, would look like a leak.
                GC.Collect();
                table.Add($"{done}", $"{torch.Tensor.TotalCount}", $"{ProcFile.Kilobytes(Environment.ProcessId, "VmRSS") / 1024}");
            }

            encode();
        }

        table.Write();
    }

    private static float[] RandomImages(BeitEncoder encoder)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, Batch * encoder.InputWidth).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    private static (double Time, double Cpu) Measure(Action work)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        work();
        var time = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return (time.TotalSeconds, (process.TotalProcessorTime - cpu).TotalSeconds);
    }
}
