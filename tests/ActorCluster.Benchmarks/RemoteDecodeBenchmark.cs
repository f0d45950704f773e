using System.Text.Json.Nodes;
using ActorCluster.Media;

namespace ActorCluster.Benchmarks;

/// <summary>
/// A node whose device takes no processor and is far quicker than its one core can decode: alone, and with a second node on the other core that has no device
/// and decodes for it. Both are processes of their own, and the broker decides who decodes.
/// </summary>
internal static class RemoteDecodeBenchmark
{
    private const int Seconds = 600;
    private const int ChunkSeconds = 5;
    private const int Slots = 4;
    private const string Run = "decode";

    public static async Task RunAsync(int repetitions)
    {
        using var folder = new WorkFolder();
        var tools = FfmpegTools.Locate();
        var clip = await TestVideos.PatternAsync(tools, 1280, 720, Seconds, 60, folder.File("pattern.mp4"));
        var pipeline = await PipelineAsync(folder);
        var (alone, helped) = (new List<double>(), new List<double>());
        for (var i = 0; i < repetitions; i++)
        {
            Console.Error.WriteLine($"{i + 1}/{repetitions}");
            alone.Add(await FramesPerSecondAsync(clip, pipeline, helper: false));
            helped.Add(await FramesPerSecondAsync(clip, pipeline, helper: true));
        }

        Figures.Caption(
            $"{Seconds} s of 1280x720 in chunks of {ChunkSeconds} s, each node and its ffmpeg on one core of its own; frames stored between 30 % and 90 % of the chunks, median of {repetitions} (least to greatest).");
        var table = new MarkdownTable("nodes", "frames/s");
        table.Add("one with a device", Figures.Spread(alone, "F0"));
        table.Add("the same, and one that decodes for it", Figures.Spread(helped, "F0"));
        table.Write();
        Console.WriteLine($"Ratio: {Figures.Median(helped) / Figures.Median(alone):F2}");
    }

    private static async Task<double> FramesPerSecondAsync(string clip, string pipeline, bool helper)
    {
        using var folder = new WorkFolder();
        await using var cluster = await BenchmarkCluster.StartAsync(folder, 1);
        await cluster.StartNodeAsync(0, slots: Slots, core: 0);
        if (helper)
        {
            await cluster.StartNodeAsync(1, "worker", decodeSlots: Slots, core: 1);
        }

        await cluster.SubmitAsync(Run, clip, pipeline);
        const int Chunks = Seconds / ChunkSeconds;
        await cluster.UntilStoredAsync(Chunks);
        var stored = cluster.Stored();
        var (from, to) = (Chunks * 3 / 10, Chunks * 9 / 10);
        const double FrameRate = 30_000.0 / 1001;
        return (to - from) * ChunkSeconds * FrameRate / (stored[to].At - stored[from].At).TotalSeconds;
    }

    /// <summary>The rehearsal's encoder over whole frames, 8 of them in a millisecond.</summary>
    private static async Task<string> PipelineAsync(WorkFolder folder)
    {
        var pipeline = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PipelineFile("rehearsal")))!;
        pipeline["chunkSeconds"] = ChunkSeconds;
        (pipeline["visual"]!["batch"], pipeline["visual"]!["batchSeconds"]) = (8, 0.001);
        var path = folder.File("pipeline.json");
        await File.WriteAllTextAsync(path, pipeline.ToJsonString());
        return path;
    }
}
