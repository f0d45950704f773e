using System.Diagnostics;
using System.Text.Json.Nodes;
using ActorCluster.Core.Pipelines;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Tests.Runs;
using Akka.Actor;
using Xunit.Abstractions;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>What stays in the database when videos and runs have ended, and what it takes.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresUpkeepTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int Videos = 8;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Run_Ended_LeavesOfEachVideoASnapshotAndTwoEmptyMarkers()
    {
        using var data = new TempData();
        var store = await postgres.PreparedAsync();
        await ProcessAsync(data, store);

        // The numbers of the last event and of the last votes stay, so that they are never used again; their content does not.
        Assert.Equal((2L * Videos, 2L * Videos, 0L), (
            await AskAsync(store, "SELECT count(*) FROM journal WHERE persistence_id LIKE 'v%'"),
            await AskAsync(store, "SELECT count(*) FROM journal WHERE deleted"),
            await AskAsync(store, "SELECT sum(octet_length(message)) FROM journal WHERE deleted")));
        Assert.Equal((long)Videos, await AskAsync(store, "SELECT count(*) FROM snapshot WHERE persistence_id LIKE 'video-%'"));
        output.WriteLine($"{await AskAsync(store, PerKind)}");
        output.WriteLine($"as it is: {(await store.MeasureAsync(CancellationToken.None)).Bytes / Videos} bytes a video");

        await AskAsync(store, "VACUUM FULL");
        output.WriteLine($"compact:  {(await store.MeasureAsync(CancellationToken.None)).Bytes / Videos} bytes a video");
    }

    [Fact]
    public async Task Run_ManyEvents_KeepsItsHistoryAndTwoSnapshots()
    {
        const int Ended = 31_000;
        using var data = new TempData();
        var store = await postgres.PreparedAsync();
        var folder = data.Data.Run("demo");
        Directory.CreateDirectory(folder.Root);
        var hash = FrozenManifest.Write(folder.Manifest, Enumerable.Range(0, Ended + 1).Select(i => new FrozenManifest.Line($"v{i}", $"/v/{i}.mp4", null, null, 1, 1, 1, true, false)));
        using var system = ActorSystem.Create("actorcluster", NodeConfiguration.Of(new NodeSettings(), store));
        var node = new NodeContext(data.Data, TestPipeline.Tools, new NodeSettings());
        var run = Start(system, node);
        run.Tell(new RunCommands.DriveRun(DatasetRunStateTests.Spec(Ended + 1, hash)));
        run.Tell(new SlotMessages.SlotTotals(1, 1, 0, MeterReading.Zero));
        for (var i = 0; i < Ended; i++)
        {
            run.Tell(new RunCommands.VideoFinished("demo", DatasetRunStateTests.Outcome(i, i % 7 != 0, 1)));
        }

        RunQueries.RunProgress? progress = null;
        await EventuallyAsync(async () => (progress = await run.Ask<RunQueries.RunProgress>(new RunQueries.GetRunProgress("demo"), Deadline)).Completed + progress.Quarantined == Ended);
        await EventuallyAsync(async () => (long)(await AskAsync(store, "SELECT count(*) FROM snapshot"))! == 2);
        Assert.Equal("1000,1500", await AskAsync(store, "SELECT string_agg(sequence_number::text, ',' ORDER BY sequence_number) FROM snapshot"));
        await run.GracefulStop(Deadline);

        var again = await Start(system, node).Ask<RunQueries.RunProgress>(new RunQueries.GetRunProgress("demo"), Deadline);
        Assert.Equal((progress!.Completed, progress.Quarantined), (again.Completed, again.Quarantined));
        await system.Terminate();
    }

    private const string PerKind =
        """
        SELECT string_agg(format('%s: %s rows, %s bytes each', kind, rows, bytes / rows), '; ' ORDER BY kind) FROM (
          SELECT 'journal ' || split_part(persistence_id, '-', 1) AS kind, count(*) AS rows, sum(pg_column_size(journal.*)) AS bytes FROM journal GROUP BY 1
          UNION ALL
          SELECT 'snapshot ' || split_part(persistence_id, '-', 1), count(*), sum(pg_column_size(snapshot.*)) FROM snapshot GROUP BY 1
        ) AS kinds
        """;

    /// <summary>A run of small videos of two chunks each, until their histories are reduced.</summary>
    private static async Task ProcessAsync(TempData data, PostgresStateStore store)
    {
        var json = JsonNode.Parse(File.ReadAllText(RepositoryFiles.LitePipeline))!;
        (json["name"], json["chunkSeconds"], json["faces"], json["visual"]!["model"]) = ("small", 10, new JsonObject { ["source"] = "none" }, RepositoryFiles.ExpressionNet);
        var pipeline = Path.Combine(data.Inputs, "small.json");
        File.WriteAllText(pipeline, json.ToJsonString());
        Ffmpeg.Run(
            "-f", "lavfi", "-i", $"testsrc=size=64x48:rate=2:duration={20 * Videos}", "-c:v", "libx264", "-preset", "ultrafast", "-g", "20", "-f", "segment", "-segment_time", "20",
            "-reset_timestamps", "1", Path.Combine(data.Inputs, "%03d.mp4"));
        var videos = Directory.GetFiles(data.Inputs, "*.mp4").Order().ToList();
        Assert.Equal(Videos, videos.Count);

        await using var node = await ClusterNode.StartAsync(data.Data, TestPipeline.Tools, new NodeSettings { Slots = 2, State = store.ConnectionString }, onlyRun: "demo");
        await node.SubmitAsync(RunSubmission.Freeze(
            data.Data,
            "demo",
            pipeline,
            PipelineFile.Parse(File.ReadAllBytes(pipeline)),
            _ => [.. videos.Select(v => new Core.VideoEntry(Path.GetFileName(v), v))],
            TestPipeline.Tools,
            csv: true,
            parquet: false));
        RunQueries.RunProgress? progress = null;
        await EventuallyAsync(async () => (progress = await node.ProgressAsync("demo")).IsCompleted);
        Assert.Equal((Videos, 40L * Videos), (progress!.Completed, progress.Frames));
        await EventuallyAsync(async () => (long)(await AskAsync(store, "SELECT count(*) FROM journal WHERE persistence_id LIKE 'v%' AND NOT deleted"))! == 0);
    }

    private static IActorRef Start(ActorSystem system, NodeContext node) =>
        system.ActorOf(DatasetRunActor.Props("demo", node, ActorRefs.Nobody, ActorRefs.Nobody, ActorRefs.Nobody));

    private static Task<object?> AskAsync(PostgresStateStore store, string question) => PostgresStateStoreTests.ScalarAsync(store.ConnectionString, question);

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        var clock = Stopwatch.StartNew();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await holds())
        {
            Assert.True(clock.Elapsed < Deadline, "Not within the deadline.");
            await look.WaitForNextTickAsync();
        }
    }
}
