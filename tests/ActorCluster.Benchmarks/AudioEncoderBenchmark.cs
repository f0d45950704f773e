using System.Diagnostics;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Tests.Shared;
using TorchSharp;

namespace ActorCluster.Benchmarks;

/// <summary>WavLM with random weights of the published sizes, against bare products of matrices of the shapes that it multiplies.</summary>
internal static class AudioEncoderBenchmark
{
    private const int SampleRate = 16000;
    private const int Kept = 10;
    private const int Context = 2;
    private const int Threads = 2;

    // Longer products leave the cache without gaining anything.
    private const long MostRows = 2048;

    private static readonly TinyWavLmSizes Base = new(512, 768, 3072, 12, 12, 320, 800, 128, 16, Large: false);
    private static readonly TinyWavLmSizes Large = new(512, 1024, 4096, 24, 16, 320, 800, 128, 16);

    public static void Run(int repetitions)
    {
        TorchRuntime.UseThreads(Threads);
        Figures.Caption($"Audio encoders, {Threads} threads, {repetitions} repetitions, random weights.");
        var table = new MarkdownTable("model", "precision", "segment", "encoding, s", "x real time", "bare products, s", "bare products, GFLOP/s", "of bare products");
        foreach (var (name, sizes) in (ReadOnlySpan<(string, TinyWavLmSizes)>)[("WavLM-Base", Base), ("WavLM-Large", Large)])
        {
            using var work = new WorkFolder();
            TinyCheckpoints.WriteWavLm(work.File("model"), sizes, seed: 1);
            foreach (var precision in Enum.GetValues<EncoderPrecision>())
            {
                foreach (var seconds in (int[])[Kept, Kept + (2 * Context)])
                {
                    using var encoder = WavLmEncoder.Load(work.File("model"), TorchDevice.Cpu, precision, 1, seconds * SampleRate);
                    Measure(table, $"{name} size", precision, encoder, repetitions);
                }
            }
        }

        table.Write();
    }

    private static void Measure(MarkdownTable table, string name, EncoderPrecision precision, WavLmEncoder encoder, int repetitions)
    {
        var random = new Random(1);
        var samples = new float[encoder.SegmentSamples];
        foreach (ref var sample in samples.AsSpan())
        {
            sample = (random.NextSingle() * 2) - 1;
        }

        var tokens = new float[encoder.TokenCount * encoder.Config.HiddenSize];
        using var products = new BareProducts(Products(encoder), precision);
        var (encoding, bare) = (new List<double>(), new List<double>());
        for (var i = -1; i < repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            encoder.Encode(samples, [samples.Length], [], tokens);
            var middle = Stopwatch.GetTimestamp();
            products.Run();
            var end = Stopwatch.GetTimestamp();

            // The first round warms up.
            if (i >= 0)
            {
                encoding.Add(Stopwatch.GetElapsedTime(start, middle).TotalSeconds);
                bare.Add(Stopwatch.GetElapsedTime(middle, end).TotalSeconds);
            }
        }

        var seconds = samples.Length / SampleRate;
        table.Add(
            name,
            precision.ToString(),
            seconds == Kept ? $"{Kept} s" : $"{Kept} s and {Context} s of context on both sides",
            Figures.Spread(encoding, "F2"),
            (Kept / Figures.Median(encoding)).ToString("F1"),
            Figures.Spread(bare, "F2"),
            (products.Operations / Figures.Median(bare) / 1e9).ToString("F0"),
            Figures.Spread([.. bare.Zip(encoding, (limit, time) => limit / time)], "P0"));
    }

    /// <summary>
    /// How many matrices at a time, rows, inputs and outputs of every product of the stem, the projections and the attention. The positional convolution
    /// has none: it comes on top.
    /// </summary>
    private static IEnumerable<Product> Products(WavLmEncoder encoder)
    {
        var config = encoder.Config;
        long rows = encoder.SegmentSamples;
        long inputs = 1;
        for (var i = 0; i < config.ConvolutionChannels.Length; i++)
        {
            rows = ((rows - config.ConvolutionKernels[i]) / config.ConvolutionStrides[i]) + 1;
            for (var left = rows; left > 0; left -= MostRows)
            {
                yield return new Product(1, Math.Min(left, MostRows), inputs * config.ConvolutionKernels[i], config.ConvolutionChannels[i]);
            }

            inputs = config.ConvolutionChannels[i];
        }

        long width = config.HiddenSize;
        yield return new Product(1, rows, inputs, width);
        for (var i = 0; i < config.Layers; i++)
        {
            yield return new Product(1, rows, width, 3 * width);
            yield return new Product(config.Heads, rows, width / config.Heads, rows);
            yield return new Product(config.Heads, rows, rows, width / config.Heads);
            yield return new Product(1, rows, width, width);
            yield return new Product(1, rows, width, config.IntermediateSize);
            yield return new Product(1, rows, config.IntermediateSize, width);
        }
    }

    private readonly record struct Product(long Matrices, long Rows, long Inputs, long Outputs)
    {
        public double Operations => 2.0 * Matrices * Rows * Inputs * Outputs;
    }

    /// <summary>The products alone, each on operands of its own shape that stay where they are.</summary>
    private sealed class BareProducts : IDisposable
    {
        private readonly DisposeScope _scope = torch.NewDisposeScope();
        private readonly List<(torch.Tensor Rows, torch.Tensor Weight, int Times)> _products = [];

        public BareProducts(IEnumerable<Product> products, EncoderPrecision precision)
        {
            var type = precision == EncoderPrecision.BFloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
            foreach (var (product, times) in products.CountBy(product => product))
            {
                var (matrices, rows, inputs, outputs) = product;
                Operations += product.Operations * times;
                _products.Add((torch.randn(matrices, rows, inputs).to(type), torch.randn(matrices, outputs, inputs).to(type), times));
            }
        }

        public double Operations { get; }

        public void Run()
        {
            using var inference = torch.inference_mode();
            using var scope = torch.NewDisposeScope();
            foreach (var (rows, weight, times) in _products)
            {
                for (var i = 0; i < times; i++)
                {
                    var product = rows.shape[0] == 1 ? torch.nn.functional.linear(rows[0], weight[0]) : torch.bmm(rows, weight.transpose(1, 2));
                    product.Dispose();
                }
            }
        }

        public void Dispose() => _scope.Dispose();
    }
}
