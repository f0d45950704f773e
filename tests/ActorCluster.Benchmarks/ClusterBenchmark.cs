using System.Diagnostics;
using System.Text.Json.Nodes;
using ActorCluster.Media;

namespace ActorCluster.Benchmarks;

/// <summary>
/// The cluster's own cost and its way back from deaths, with an encoder that takes a second a chunk and no processor, and chunks of one small picture each, so
/// that nothing is decoded.
/// </summary>
internal static class ClusterBenchmark
{
    private const int Slots = 4;
    private const int ChunksOfVideo = 25;
    private const int ChunksOfOneNode = 500;
    private const int WarmUpChunks = 100;
    private const string Run = "bench";
    private const double ChunkSeconds = 1;
    private const int ManyVideos = 100_000;
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(30);

    /// <summary>Undisturbed, on 1, 2, 4 and 8 nodes.</summary>
    public static async Task SteadyAsync(int chunks)
    {
        chunks = Math.Max(chunks, ChunksOfVideo);
        Figures.Caption(
            $"{Slots} slots a node, {ChunkSeconds:0} s a chunk; slots busy: chunks stored between 10 % and 90 % of all, times {ChunkSeconds:0} s, over slots and time. CPU of all nodes in that time, less what they use idle after the run. Before it, a run of {WarmUpChunks} chunks a node of other videos, in which the nodes' code is compiled.");
        var table = new MarkdownTable("nodes", "chunks", "slots busy, %", "until 10 % are stored, s", "after 90 %, s", "own CPU a chunk, ms", "own CPU idle, ms a second and node", "CPU of the warm-up a node, s", "load average");
        foreach (var nodes in new[] { 1, 2, 4, 8 })
        {
            // Whole videos, so that the tail is one.
            var count = (nodes == 1 ? Math.Min(chunks, ChunksOfOneNode) : chunks) / ChunksOfVideo * ChunksOfVideo;
            using var folder = new WorkFolder();
            await using var cluster = await StartAsync(folder, nodes);
            var (warmUp, cpu0) = (WarmUpChunks * nodes, cluster.CpuSeconds());
            await SubmitAsync(cluster, folder, warmUp, "warm-up", firstVideo: count / ChunksOfVideo);
            await cluster.UntilStoredAsync(warmUp);
            await BenchmarkCluster.PassAsync(SettlesWithin);
            var warming = (cluster.CpuSeconds() - cpu0) / nodes;
            var submitted = DateTime.UtcNow;
            await SubmitAsync(cluster, folder, count);
            await cluster.UntilStoredAsync(warmUp + (count / 10));
            var (cpu10, done10, at10) = (cluster.CpuSeconds(), cluster.Stored().Count, DateTime.UtcNow);
            await cluster.UntilStoredAsync(warmUp + (count * 9 / 10));
            var (cpu90, done90, at90) = (cluster.CpuSeconds(), cluster.Stored().Count, DateTime.UtcNow);
            await cluster.UntilStoredAsync(warmUp + count);
            var stored = cluster.Stored()[warmUp..];
            var (first, last, steady) = (stored[count / 10].At, stored[count * 9 / 10].At, (count * 9 / 10) - (count / 10));
            Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {nodes} nodes: {steady} chunks in {(last - first).TotalSeconds:F1} s, CPU {cpu90 - cpu10:F1} s in {(at90 - at10).TotalSeconds:F1} s");

            await BenchmarkCluster.PassAsync(SettlesWithin);
            var (idleCpu, clock) = (cluster.CpuSeconds(), Stopwatch.StartNew());
            await BenchmarkCluster.PassAsync(IdleFor);
            var idle = (cluster.CpuSeconds() - idleCpu) / clock.Elapsed.TotalSeconds;
            table.Add(
                $"{nodes}", $"{count}", $"{100 * ChunkSeconds * steady / ((last - first).TotalSeconds * Slots * nodes):F1}",
                $"{(first - submitted).TotalSeconds:F1}", $"{(stored[count - 1].At - last).TotalSeconds:F1}",
                $"{1000 * (cpu90 - cpu10 - (idle * (at90 - at10).TotalSeconds)) / (done90 - done10):F1}", $"{1000 * idle / nodes:F0}", $"{warming:F1}", Load);
        }

        table.Write();
    }

    /// <summary>A node dies; one dies every minute; all coordinators die.</summary>
    public static async Task DeathsAsync(int chunks)
    {
        await DeathAsync(Math.Max(chunks, ChunksOfVideo));
        await EveryMinuteAsync("the oldest, which has the broker,", 2, nodes => nodes.MinBy(n => n.Process.StartTime)!);
        var random = new Random(1);
        await EveryMinuteAsync("one, drawn by a seed,", 4, nodes => nodes[random.Next(nodes.Count)]);
        await CoordinatorsAsync();
    }

    private static async Task DeathAsync(int chunks)
    {
        using var folder = new WorkFolder();
        await using var cluster = await StartAsync(folder, 4);
        await SubmitAsync(cluster, folder, chunks);
        await cluster.UntilStoredAsync(chunks / 3);
        var killed = DateTime.UtcNow;
        await cluster.KillAsync(cluster.Nodes[0]); // It has the singletons.

        // Histories of videos are reduced when they end, so their events are looked for all the time.
        var elsewhere = new Dictionary<(string Video, int Unit), DateTime>();
        DateTime? removed = null;
        await BenchmarkCluster.UntilAsync(
            async () =>
            {
                foreach (var (video, unit, at) in await cluster.SuspectsStartedAsync())
                {
                    elsewhere.TryAdd((video, unit), at);
                }

                removed ??= await cluster.MembersAsync() == 3 ? DateTime.UtcNow : null;
                return cluster.Stored().Count >= chunks;
            },
            $"{chunks} chunks are stored");
        var stored = cluster.Stored();
        double Rate(DateTime from, DateTime to) => stored.Count(c => c.At >= from && c.At < to) / (to - from).TotalSeconds;
        var again = elsewhere.Values.Select(at => (at - killed).TotalSeconds).ToList();
        Figures.Caption($"One of four nodes, the one with the singletons, is killed. Timers as by default: 10 s of missed heartbeats and 10 s of standing still. By the journal.");
        var table = new MarkdownTable("removed after, s", "chunks of the dead node found", "first of them runs elsewhere after, s", "last, s", "chunks/s in the 10 s before", "chunks/s until it is removed");
        table.Add(
            $"{(removed!.Value - killed).TotalSeconds:F1}", $"{again.Count}", again.Count > 0 ? $"{again.Min():F1}" : "-", again.Count > 0 ? $"{again.Max():F1}" : "-",
            $"{Rate(killed.AddSeconds(-10), killed):F1}", $"{Rate(killed, removed.Value):F1}");
        table.Write();
    }

    private static async Task EveryMinuteAsync(string who, int deaths, Func<List<BenchmarkCluster.Node>, BenchmarkCluster.Node> choose)
    {
        const int Chunks = 5000;
        using var folder = new WorkFolder();
        await using var cluster = await StartAsync(folder, 4);
        await SubmitAsync(cluster, folder, Chunks);
        await cluster.UntilStoredAsync(100);
        var (calmFrom, from) = (DateTime.UtcNow, cluster.Stored().Count);
        await BenchmarkCluster.PassAsync(TimeSpan.FromSeconds(40));
        var calm = (cluster.Stored().Count - from) / (DateTime.UtcNow - calmFrom).TotalSeconds;
        (var stormFrom, from) = (DateTime.UtcNow, cluster.Stored().Count);
        var oldest = 0;
        for (var death = 0; death < deaths; death++)
        {
            var minute = BenchmarkCluster.PassAsync(TimeSpan.FromMinutes(1));
            var victim = choose(cluster.Nodes);
            oldest += victim == cluster.Nodes.MinBy(n => n.Process.StartTime) ? 1 : 0;
            await cluster.KillAsync(victim);
            await BenchmarkCluster.PassAsync(TimeSpan.FromSeconds(10));
            await cluster.StartNodeAsync(victim.Number, slots: Slots);
            await minute;
        }

        var storm = (cluster.Stored().Count - from) / (DateTime.UtcNow - stormFrom).TotalSeconds;
        Figures.Caption($"Four nodes; for 40 s calm, then for {deaths} min {who} is killed at the start of each and started again after 10 s; {oldest} times it was the oldest.");
        var table = new MarkdownTable("calm, chunks/s", "with deaths, chunks/s", "of calm, %");
        table.Add($"{calm:F2}", $"{storm:F2}", $"{100 * storm / calm:F0}");
        table.Write();
    }

    private static async Task CoordinatorsAsync()
    {
        const int Chunks = 1000;
        using var folder = new WorkFolder();
        await using var cluster = await StartAsync(folder, 3);
        await SubmitAsync(cluster, folder, Chunks);
        await cluster.UntilStoredAsync(Chunks / 4);
        var killed = Stopwatch.StartNew();
        foreach (var node in cluster.Nodes.ToList())
        {
            await cluster.KillAsync(node);
        }

        var before = cluster.Stored().Count;
        await cluster.StartNodeAsync(0, slots: Slots);
        await Task.WhenAll(cluster.StartNodeAsync(1, slots: Slots), cluster.StartNodeAsync(2, slots: Slots));
        var up = killed.Elapsed;
        await BenchmarkCluster.UntilAsync(async () => await cluster.RegisteredAsync(Run) > 0, "the run answers");
        var answers = killed.Elapsed;
        await cluster.UntilStoredAsync(before + 1);
        var first = killed.Elapsed;
        await cluster.UntilStoredAsync(before + (2 * 3 * Slots));
        Figures.Caption("All three nodes, each a coordinator, are killed at once and started again at once; seconds since.");
        var table = new MarkdownTable("all up", "the run answers", "first chunk stored", "every slot has stored two");
        table.Add($"{up.TotalSeconds:F1}", $"{answers.TotalSeconds:F1}", $"{first.TotalSeconds:F1}", $"{killed.Elapsed.TotalSeconds:F1}");
        table.Write();
    }

    /// <summary>A long manifest, and the way back of its run.</summary>
    public static async Task ManyVideosAsync()
    {
        using var folder = new WorkFolder();
        await using var cluster = await BenchmarkCluster.StartAsync(folder, 1);
        await cluster.StartNodeAsync(0, "coordinator,worker");
        await cluster.StartNodeAsync(1, "gpu", slots: 1);
        var manifest = await ManifestAsync(folder, ManyVideos, videos: 1);
        var coordinator = cluster.Nodes[0].Process.Id;
        var idle = ProcFile.Kilobytes(coordinator, "VmRSS");
        var clock = Stopwatch.StartNew();
        await cluster.SubmitAsync(Run, manifest, await PipelineAsync(folder));
        var submitted = clock.Elapsed;
        await BenchmarkCluster.UntilAsync(async () => await cluster.RegisteredAsync(Run) == ManyVideos, "all videos are registered");
        var registered = clock.Elapsed;
        await BenchmarkCluster.PassAsync(TimeSpan.FromSeconds(20));
        var (resident, peak) = (ProcFile.Kilobytes(coordinator, "VmRSS"), ProcFile.Kilobytes(coordinator, "VmHWM"));
        foreach (var node in cluster.Nodes.ToList())
        {
            await cluster.KillAsync(node);
        }

        clock.Restart();
        await cluster.StartNodeAsync(0, "coordinator,worker");
        var up = clock.Elapsed;
        await BenchmarkCluster.UntilAsync(async () => await cluster.RegisteredAsync(Run) == ManyVideos, "the run answers");
        Figures.Caption($"A manifest of {ManyVideos} videos; one coordinator that also has the videos' actors, one node with a slot. Recovery: both killed, the coordinator started again.");
        var table = new MarkdownTable("submitted, s", "all registered, s", "coordinator idle, MB", "resident 20 s later, MB", "peak, MB", "start to up, s", "start to progress answered, s");
        table.Add(
            $"{submitted.TotalSeconds:F1}", $"{registered.TotalSeconds:F1}", $"{idle / 1000}", $"{resident / 1000}", $"{peak / 1000}", $"{up.TotalSeconds:F1}", $"{clock.Elapsed.TotalSeconds:F1}");
        table.Write();
    }

    private static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static async Task<BenchmarkCluster> StartAsync(WorkFolder folder, int nodes)
    {
        var cluster = await BenchmarkCluster.StartAsync(folder, Math.Min(nodes, 3));
        for (var i = 0; i < nodes; i++)
        {
            Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} starts node {i + 1} of {nodes}");
            await cluster.StartNodeAsync(i, slots: Slots);
        }

        return cluster;
    }

    private static async Task SubmitAsync(BenchmarkCluster cluster, WorkFolder folder, int chunks, string run = Run, int firstVideo = 0)
    {
        var videos = (chunks + ChunksOfVideo - 1) / ChunksOfVideo;
        await cluster.SubmitAsync(run, await ManifestAsync(folder, videos, videos, firstVideo), await PipelineAsync(folder));
    }

    /// <summary>Videos of one frame a second, each with a crop for every frame.</summary>
    private static async Task<string> ManifestAsync(WorkFolder folder, int entries, int videos, int firstVideo = 0)
    {
        var tools = FfmpegTools.Locate();
        var source = await TestVideos.MakeAsync(
            tools, folder.File($"source-{firstVideo}.mp4"), "-f", "lavfi", "-i", $"testsrc2=size=64x48:rate=1:duration={ChunksOfVideo}", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "1");
        var crops = folder.NewFolder("crops");
        await TestVideos.MakeAsync(tools, Path.Combine(crops, "%05d.jpg"), "-i", source, "-vf", "scale=16:16");
        for (var i = firstVideo; i < firstVideo + videos; i++)
        {
            TestVideos.CopyMarked(source, folder.File($"video-{i}.mp4"), i);
        }

        var manifest = folder.File($"manifest-{firstVideo}.csv");
        await File.WriteAllLinesAsync(manifest, [
            "id,uri,faces", .. Enumerable.Range(0, entries).Select(i => $"v{i},{folder.File($"video-{firstVideo + (i % videos)}.mp4")},{crops}"),
        ]);
        return manifest;
    }

    private static async Task<string> PipelineAsync(WorkFolder folder)
    {
        var pipeline = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PipelineFile("rehearsal")))!;
        pipeline["chunkSeconds"] = 1;
        pipeline["faces"] = new JsonObject { ["source"] = "aligned" };
        (pipeline["visual"]!["batch"], pipeline["visual"]!["batchSeconds"]) = (1, ChunkSeconds);
        var path = folder.File("pipeline.json");
        await File.WriteAllTextAsync(path, pipeline.ToJsonString());
        return path;
    }
}
