using System.Diagnostics;
using System.Text.Json.Nodes;
using ActorCluster.Media;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Benchmarks;

/// <summary>The whole pipeline with encoders of BEiT-Base's and WavLM-Base's size and random weights, against bare loops of its parts.</summary>
internal static class FusionBenchmark
{
    private const int Batch = 8;
    private const int Images = 8 * Batch;
    private const int Segments = 4;
    private const int SegmentSamples = 14 * 16_000;

    public static async Task RunAsync(int repetitions)
    {
        using var folder = new WorkFolder();
        var tools = FfmpegTools.Locate();
        var models = folder.NewFolder("models");
        var pipeline = WriteModels(models, folder.File("base.json"));
        var info = await new VideoProbe(tools).ProbeAsync(Repository.HelloClip, CancellationToken.None);
        using var bare = new BareInference(Repository.LitePipeline);
        var frames = bare.Load(tools, info);
        var (width, height) = bare.SizeOf(info);
        bare.Run(frames, width, height);
        var table = new MarkdownTable("frames/s", "bound, frames/s", "of the bound", "BEiT, images/s", "WavLM, x real time", "decode + detect, CPU ms/frame");
        List<double> speed = [], bound = [], ratio = [], images = [], sound = [], decode = [];
        for (var i = 0; i < repetitions; i++)
        {
            Console.Error.WriteLine($"{i + 1}/{repetitions}");
            var run = await Sitting.RunAsync(folder.NewFolder("data"), pipeline, Repository.HelloClip);
            images.Add(Images * Environment.ProcessorCount / BareBeit(Path.Combine(models, "beit")));
            var perSegment = BareWavLm(Path.Combine(models, "wavlm")) / (Segments * Environment.ProcessorCount);
            sound.Add(10 / perSegment);
            var (cpu, _) = await BareDecode.ToNothingAsync(tools, info, width, height);
            decode.Add(1000 * (cpu.TotalSeconds + bare.Run(frames, width, height)) / frames.Count);

            // One segment: the clip has 8.3 s of sound.
            var needed = (frames.Count / images[^1]) + perSegment + (frames.Count * decode[^1] / 1000 / Environment.ProcessorCount);
            bound.Add(frames.Count / needed);
            speed.Add(run.Summary.Frames / run.Summary.ActiveSeconds);
            ratio.Add(speed[^1] / bound[^1]);
        }

        table.Add(
            Figures.Spread(speed, "F2"), Figures.Spread(bound, "F2"), Figures.Spread(ratio, "F3"), Figures.Spread(images, "F2"), Figures.Spread(sound, "F1"), Figures.Spread(decode, "F2"));
        Figures.Caption($"hello-crop.mp4, 249 frames; medians of {repetitions} (least to greatest); target: 0.95 of the bound. {TorchRuntime.Version}.");
        table.Write();
    }

    private static string WriteModels(string models, string path)
    {
        var (beit, wavlm, fusion) = (Path.Combine(models, "beit"), Path.Combine(models, "wavlm"), Path.Combine(models, "fusion"));
        TinyCheckpoints.WriteBeit(beit, new TinyBeitSizes(224, 16, 768, 3072, 12, 12), seed: 1);
        TinyCheckpoints.WriteWavLm(wavlm, new TinyWavLmSizes(512, 768, 3072, 12, 12, 320, 800, 128, 16, Large: false), seed: 2);
        TorchRuntime.Load();
        using (var network = new FusionNetwork(
            new FusionConfig
            {
                VisualWidth = 768,
                AudioWidth = 768,
                Prior = [0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125],
                VisualEncoder = new TrainedEncoder("beit", CheckpointHash.Of(beit)),
                AudioEncoder = new TrainedEncoder("wavlm", CheckpointHash.Of(wavlm)),
            },
            seed: 3))
        {
            FusionCheckpoint.Save(fusion, network);
        }

        var json = JsonNode.Parse(File.ReadAllText(Repository.LitePipeline))!;
        json["name"] = "base";
        json["faces"]!["model"] = Path.GetFullPath(json["faces"]!["model"]!.GetValue<string>(), Path.GetDirectoryName(Repository.LitePipeline)!);
        json["visual"] = new JsonObject { ["kind"] = "beit", ["model"] = beit, ["batch"] = Batch };
        json["audio"]!["encoder"] = new JsonObject
        {
            ["kind"] = "wavlm", ["model"] = wavlm, ["batch"] = 1, ["segmentSeconds"] = 10, ["contextSeconds"] = 2, ["poolingSeconds"] = 0.5,
        };
        json["fusion"] = new JsonObject { ["checkpoint"] = fusion, ["batch"] = 8 };
        json["windows"] = new JsonObject { ["length"] = 64, ["stride"] = 32 };
        File.WriteAllText(path, json.ToJsonString());
        return path;
    }

    /// <summary>Wall seconds in which every core encodes <see cref="Images"/> images on a thread of its own, as the node's encoders do.</summary>
    private static double BareBeit(string folder) => OnAllCores(() =>
    {
        var encoder = BeitEncoder.Load(folder, TorchDevice.Cpu, EncoderPrecision.Float32, Batch);
        var (images, pooled) = (new float[Batch * encoder.InputWidth], new float[Batch * encoder.FeatureWidth]);
        return (encoder, () => encoder.Encode(images, Batch, pooled), Images / Batch);
    });

    /// <summary>Wall seconds in which every core encodes <see cref="Segments"/> segments of 10 s with their context.</summary>
    private static double BareWavLm(string folder) => OnAllCores(() =>
    {
        var encoder = WavLmEncoder.Load(folder, TorchDevice.Cpu, EncoderPrecision.Float32, 1, SegmentSamples);
        var (samples, tokens) = (new float[SegmentSamples], new float[encoder.TokenCount * encoder.Config.HiddenSize]);
        return (encoder, () => encoder.Encode(samples, [SegmentSamples], [], tokens), Segments);
    });

    private static double OnAllCores(Func<(IDisposable Encoder, Action Pass, int Passes)> create)
    {
        using var barrier = new Barrier(Environment.ProcessorCount);
        var seconds = new double[Environment.ProcessorCount];
        var threads = Enumerable.Range(0, seconds.Length).Select(lane => new Thread(() =>
        {
            TorchRuntime.UseThreads(1);
            var (encoder, pass, passes) = create();
            using (encoder)
            {
                pass();
                barrier.SignalAndWait();
                var clock = Stopwatch.StartNew();
                for (var i = 0; i < passes; i++)
                {
                    pass();
                }

                seconds[lane] = clock.Elapsed.TotalSeconds;
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return seconds.Max();
    }
}
