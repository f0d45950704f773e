using ActorCluster.Core;
using ActorCluster.Core.Labels;
using ActorCluster.Processing.Inference;
using ActorCluster.Storage;

namespace ActorCluster.Benchmarks;

/// <summary><c>actorcluster score</c> over three million frames, against reading the same bytes and nothing else.</summary>
internal static class ScoreBenchmark
{
    // As many as the challenge's videos and frames, more or less.
    private const int Videos = 548;
    private const int FramesOfVideo = 5500;

    public static async Task RunAsync(int repetitions)
    {
        using var folder = new WorkFolder();
        var labels = folder.NewFolder("labels");
        var random = new Random(1);
        foreach (var id in Enumerable.Range(0, Videos))
        {
            WriteIntegers(Path.Combine(labels, $"{id}.txt"), Labels(random, -1));
        }

        var table = new MarkdownTable("predictions", "MB", "`score`, s", "`score`, CPU s", "`score --help`, CPU s", "bare reading, CPU s", "million frames a CPU second");
        foreach (var format in new[] { "txt", "csv" })
        {
            var predictions = folder.NewFolder(format);
            foreach (var id in Enumerable.Range(0, Videos))
            {
                Write(Path.Combine(predictions, $"{id}.{format}"), Labels(random, 0));
            }

            List<double> wall = [], cpu = [], start = [], bare = [];
            for (var i = 0; i < repetitions; i++)
            {
                bare.Add(CpuSecondsOf(() => ReadAll(labels, predictions)));
                start.Add((await Tool.RunAsync(Repository.Executable, "score", "--help")).Cpu.TotalSeconds);
                var score = await Tool.RunAsync(Repository.Executable, "score", "--labels", labels, "--predictions", predictions);
                wall.Add(score.Wall.TotalSeconds);
                cpu.Add(score.Cpu.TotalSeconds);
            }

            var bytes = new[] { labels, predictions }.SelectMany(Directory.EnumerateFiles).Sum(p => new FileInfo(p).Length);
            table.Add(
                format == "txt" ? "one integer per line" : "CSV of a run", $"{bytes / 1e6:F0}", Figures.Spread(wall, "F2"), Figures.Spread(cpu, "F2"), Figures.Spread(start, "F2"),
                Figures.Spread(bare, "F2"), $"{Videos * FramesOfVideo / 1e6 / Figures.Median(cpu):F1}");
        }

        Figures.Caption($"{Videos} videos of {FramesOfVideo} frames, {Videos * FramesOfVideo:N0} in all; medians of {repetitions} (least to greatest).");
        table.Write();
    }

    private static sbyte[] Labels(Random random, int least) => [.. Enumerable.Range(0, FramesOfVideo).Select(_ => (sbyte)random.Next(least, Expressions.Count))];

    private static void Write(string path, sbyte[] labels)
    {
        if (path.EndsWith(".txt", StringComparison.Ordinal))
        {
            WriteIntegers(path, labels);
            return;
        }

        using var file = File.Create(path);
        PredictionCsv.Write(file, new FramePredictions(
            [.. labels.Select((_, i) => i / 30.0)],
            [.. labels.Select(l => (Expression)l)],
            [.. labels.SelectMany(l => Enumerable.Range(0, Expressions.Count).Select(c => c == l ? 0.65 : 0.05))],
            [.. labels.Select(_ => FrameFlags.FacePresent | FrameFlags.Decoded)]));
    }

    private static void WriteIntegers(string path, sbyte[] labels)
    {
        using var file = File.Create(path);
        LabelFile.Write(file, labels);
    }

    private static void ReadAll(params string[] folders)
    {
        var buffer = new byte[128 * 1024];
        foreach (var path in folders.SelectMany(Directory.EnumerateFiles))
        {
            using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
            while (file.Read(buffer) > 0)
            {
            }
        }
    }

    private static double CpuSecondsOf(Action action)
    {
        var before = CpuClock.OfThread;
        action();
        return (CpuClock.OfThread - before).TotalSeconds;
    }
}
