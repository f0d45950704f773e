using System.Diagnostics;
using ActorCluster.Core;
using ActorCluster.Core.Labels;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;
using ActorCluster.Training;
using TorchSharp;

namespace ActorCluster.Benchmarks;

/// <summary>
/// Windows per second of the trainer (d=256, l=3, windows of 64 frames, 32 a step, 1,024 + 1,024 features read from disk, shuffled, with modality dropout,
/// clipping and optimizer) against the bare loop of the network's forward and backward on one batch that stays in memory, taking turns.
/// </summary>
internal static class TrainingBenchmark
{
    private const int Videos = 24;
    private const int Frames = 4_000;
    private const int Width = 1_024;
    private const int Turns = 3;

    public static void Run(int steps)
    {
        using var folder = new WorkFolder();
        TorchRuntime.Load();
        using var set = TrainingSet.Open(Write(folder));
        var config = TrainingConfig.Parse(File.ReadAllBytes(Repository.TrainingConfig));
        var options = new TrainingOptions(folder.File("out"), Seed: 1, Modalities.Both, TorchDevice.Cpu, Environment.ProcessorCount);
        var fusion = config.ToFusion(set, Modalities.Both);
        using var network = new TrainedNetwork(fusion, config, options);
        using var bareNetwork = new FusionNetwork(fusion, options.Seed);
        bareNetwork.train();
        using var loss = new FocalLoss(config.Loss.Gamma);
        var sampler = new WindowSampler(set.Train, config.Windows, config.Batch, options.Seed);
        using var loader = new BatchLoader(set.Train, sampler, fusion);
        using var resident = new WindowBatch(config.Batch, fusion);
        resident.Fill(set.Train, sampler.At(0, 0));
        TorchRuntime.UseThreads(options.Threads);
        Bare(3);
        FromDisk(epoch: 0, count: 3);
        List<double> bare = [], trained = [], ratio = [], cpuRatio = [];
        for (var turn = 0; turn < Turns; turn++)
        {
            var (bareSpeed, bareCpu) = Speed(() => Bare(steps));
            var (speed, cpu) = Speed(() => FromDisk(turn, steps));
            bare.Add(bareSpeed);
            trained.Add(speed);
            ratio.Add(speed / bareSpeed);
            cpuRatio.Add(bareCpu / cpu);
        }

        var table = new MarkdownTable("trainer, windows/s", "bare forward and backward, windows/s", "of the bare loop", "by CPU time", "peak memory, MiB");
        table.Add(
            Figures.Spread(trained, "F1"), Figures.Spread(bare, "F1"), Figures.Spread(ratio, "F3"), Figures.Spread(cpuRatio, "F3"), $"{ProcFile.Kilobytes(Environment.ProcessId, "VmHWM") / 1024}");
        Figures.Caption($"{Turns} turns of {steps} steps; {Videos} videos of {Frames} frames, {Videos * (long)Frames * Width * 4 / (1 << 20)} MiB of features; {options.Threads} threads; target: 0.9. {TorchRuntime.Version}.");
        table.Write();

        void Bare(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var scope = torch.NewDisposeScope();
                var logits = bareNetwork.call(resident.Input).Logits;
                loss.Mean(logits.view(-1, Expressions.Count), resident.Labels.view(-1)).backward();
            }
        }

        void FromDisk(int epoch, int count)
        {
            var step = 0;
            foreach (var batch in loader.Load(epoch, 0).Take(count))
            {
                network.Step(batch, loss, 1e-4, (ulong)step, (ulong)step++);
            }
        }

        (double Windows, TimeSpan Cpu) Speed(Action run)
        {
            var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            run();
            return (steps * config.Batch / clock.Elapsed.TotalSeconds, Environment.CpuUsage.TotalTime - cpu);
        }
    }

    private static List<TrainingInput> Write(WorkFolder folder)
    {
        var random = new Random(1);
        var row = Enumerable.Range(0, 512 * Width).Select(_ => (Half)((random.NextSingle() * 2) - 1)).ToArray();
        List<TrainingInput> inputs = [];
        for (var i = 0; i < Videos; i++)
        {
            var (features, labels) = (folder.File($"{i}.safetensors"), folder.File($"{i}.txt"));
            var info = new FrameFeatureInfo(
                $"video{i:00}", $"{i}", "key", new EncoderOrigin("v", "visual", "v"), new EncoderOrigin("a", "audio", "a"), Width, Width,
                new FrameTimeline(new Rational(1, 30), [.. Enumerable.Range(0, Frames).Select(f => (long)f)]));
            FrameFeatureFile.Write(features, info, (a, b) =>
            {
                bool[] all = [.. Enumerable.Repeat(true, b - a)];
                return new FrameFeatureRows(row[..((b - a) * Width)], row[..((b - a) * Width)], all, all, all);
            });
            using (var stream = File.Create(labels))
            {
                LabelFile.Write(stream, [.. Enumerable.Range(0, Frames).Select(f => (sbyte)(f / 50 % Expressions.Count))]);
            }

            inputs.Add(new TrainingInput(info.VideoId, features, labels, i == 0 ? DatasetSplit.Validation : DatasetSplit.Train));
        }

        return inputs;
    }
}
