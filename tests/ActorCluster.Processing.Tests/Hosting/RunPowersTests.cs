using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>What operators can do to runs, on a whole node with real clips, models and SQLite files; compared with a run that nobody disturbs.</summary>
public sealed class RunPowersTests(CalmRun calm) : IClassFixture<CalmRun>
{
    private static readonly TimeSpan TakesEffectWithin = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Run_PausedReprioritisedResumedRetriedExtendedExported_GivesTheBytesOfAnUndisturbedOne()
    {
        using var data = new TempData();
        calm.AddVideos(data, 3);
        data.AddVideo("d.mp4", [.. "no video at all"u8]);
        var request = CalmRun.Request(data);
        await using var node = await CalmRun.StartAsync(data);
        await CalmRun.SubmitAsync(node, request);
        await CalmRun.WaitAsync(node, p => p.InFlight.Any(v => v.FramesDone > 0) || p.Completed > 0);

        // Paused: what is in flight finishes, and nothing new begins.
        await node.PauseAsync("demo");
        var pausedAt = DateTime.UtcNow;
        Assert.Contains("paused already", (await Assert.ThrowsAsync<RunRequestException>(() => node.PauseAsync("demo"))).Message, StringComparison.Ordinal);
        await node.SetPriorityAsync("demo", 5);
        var paused = await CalmRun.WaitAsync(node, p => p.InFlight.IsEmpty);
        Assert.Equal((RunPhase.Paused, "paused by operator", 5), (paused.Phase, paused.PausedReason, paused.Priority));
        Assert.True(paused.Completed < 3, "The pause came too late to show anything.");
        var attempts = await AttemptsAsync(node, ["a", "b", "c"]);
        Assert.All(attempts, a => Assert.True(a.StartedAt <= (pausedAt + TakesEffectWithin).Ticks, "A unit was started in a paused run."));
        Assert.All(attempts, a => Assert.Equal(AttemptEnd.Encoded, a.End));
        Assert.Equal(RunPhase.Paused, Assert.Single(await node.RunsAsync()).Phase);
        await node.WriteReportAsync("demo");
        using (var unfinished = File.OpenRead(data.Data.Run("demo").Summary))
        {
            Assert.Equal((RunState.Paused, "paused by operator"), RunSummaryJson.Read(unfinished) is var s ? (s.State, s.StateCause) : default);
        }

        await node.ResumeAsync("demo");
        await CalmRun.WaitAsync(node, p => p.Phase == RunPhase.Ended);
        Assert.All(await AttemptsAsync(node, ["a", "b", "c"]), a => Assert.Equal(1, a.Attempt)); // Nothing was done twice.
        var first = await node.VideosAsync(new VideoQuery("demo", RunVideoState.Quarantined));
        Assert.Equal(("d", "probe"), Assert.Single(first.Rows) is var row ? (row.Id, row.Stage) : default);

        // The file is mended, and the video tried again: the ended run goes on, and its end is recorded anew.
        File.WriteAllBytes(Path.Combine(request.Inputs[0], "d.mp4"), calm.Content(3));
        Assert.Contains("'disk' is not why", (await Assert.ThrowsAsync<RunRequestException>(() => node.RetryAsync("demo", "disk", "d"))).Message, StringComparison.Ordinal);
        Assert.Contains("no quarantined video", (await Assert.ThrowsAsync<RunRequestException>(() => node.RetryAsync("demo", "disk"))).Message, StringComparison.Ordinal);
        Assert.Equal(1, await node.RetryAsync("demo", cause: "PROBE"));
        await EndAsync(node, completed: 4);

        // A new video is found by the run's name alone.
        File.WriteAllBytes(Path.Combine(request.Inputs[0], "e.mp4"), calm.Content(4));
        var extended = await node.ExtendAsync("demo", []);
        Assert.Equal((5, 4, 1), (extended.Videos, extended.Known, extended.Added));
        await EndAsync(node, completed: 5);
        Assert.All(CalmRun.Names, name => Assert.Equal(calm.Csv(name), CalmRun.Csv(data, name)));

        var export = await node.ExportAsync("demo", CancellationToken.None);
        Assert.Equal((5, 5L * ShortClip.Frames), (export.Videos, export.Rows));
        Assert.All(await node.WriteReportAsync("demo"), file => Assert.True(File.Exists(file), file));
        using (var file = File.OpenRead(data.Data.Run("demo").Summary))
        {
            Assert.Equal(new RunCounts(5, 5, 0, 0), RunSummaryJson.Read(file).Counts);
        }

        // Retried once, and done again because its file has changed since the run was first frozen.
        var detail = await node.VideoAsync("demo", "d");
        Assert.Equal((3, "d.csv"), (detail.Revision, Assert.Single(detail.Files)));
        Assert.StartsWith("planned", detail.Timeline[0].What, StringComparison.Ordinal);
        Assert.StartsWith("published", detail.Timeline[^1].What, StringComparison.Ordinal);

        // Deleted, and submitted anew: nothing is left of it but its features.
        await node.DeleteAsync("demo");
        Assert.Empty(await node.RunsAsync());
        Assert.False(Directory.Exists(data.Data.Run("demo").Root));
        Assert.Contains("no run 'demo'", (await Assert.ThrowsAsync<RunRequestException>(() => node.PauseAsync("demo"))).Message, StringComparison.Ordinal);
        await CalmRun.SubmitAsync(node, request);
        await EndAsync(node, completed: 5);
        Assert.Empty(await AttemptsAsync(node, CalmRun.Names));
        Assert.All(CalmRun.Names, name => Assert.Equal(calm.Csv(name), CalmRun.Csv(data, name)));
    }

    [Fact]
    public async Task Run_CancelledInTheMiddle_EndsSoonWithCountsThatAddUpAndStaysCancelled()
    {
        using var data = new TempData();
        calm.AddVideos(data, 5);
        var request = CalmRun.Request(data);
        await using (var node = await CalmRun.StartAsync(data))
        {
            await CalmRun.SubmitAsync(node, request);
            await CalmRun.WaitAsync(node, p => p.InFlight.Any(v => v.FramesDone > 0) || p.Completed > 0);
            await node.QuarantineAsync("demo", "e", "not ours");
            var given = await node.CancelAsync("demo");
            var cancelled = await node.ProgressAsync("demo");
            Assert.Equal((RunPhase.Cancelled, 5, given, 1), (cancelled.Phase, cancelled.Registered, cancelled.Cancelled, cancelled.Quarantined));
            Assert.Equal(5, cancelled.Completed + cancelled.Quarantined + cancelled.Cancelled);
            Assert.NotEqual(0, given);
            await EndAsync(node, cancelled.Completed);
            Assert.All(await AttemptsAsync(node, CalmRun.Names), a => Assert.True(a.StartedAt <= cancelled.EndedAt + TakesEffectWithin.Ticks, "A unit was started in a cancelled run."));
            await CalmRun.WaitAsync(node, p => p.InFlight.IsEmpty);
        }

        using (var file = File.OpenRead(data.Data.Run("demo").Summary))
        {
            var summary = RunSummaryJson.Read(file);
            Assert.Equal(RunState.Cancelled, summary.State);
            Assert.Equal(summary.Counts.Registered, summary.Counts.Completed + summary.Counts.Quarantined + summary.Counts.Cancelled);
            Assert.Equal(("operator", "not ours"), summary.Videos.Single(v => v.Id == "e").Fault is { } f ? (f.Stage, f.Cause) : default);
            Assert.All(summary.Videos.Where(v => v.Status == Storage.VideoStatus.Completed), v => Assert.Equal(calm.Csv(v.Id), CalmRun.Csv(data, v.Id)));
        }

        // The next life knows it, too.
        await using (var node = await CalmRun.StartAsync(data))
        {
            Assert.Contains("is cancelled; submit it again under another name", (await Assert.ThrowsAsync<RunRequestException>(() => node.ResumeAsync("demo"))).Message, StringComparison.Ordinal);
            Assert.Contains("is cancelled", (await Assert.ThrowsAsync<RunRequestException>(() => node.ExtendAsync("demo", []))).Message, StringComparison.Ordinal);
            Assert.Contains("is cancelled", (await Assert.ThrowsAsync<EnvironmentFaultException>(() => node.SubmitAsync(request))).Message, StringComparison.Ordinal);
            var listed = Assert.Single(await node.RunsAsync());
            Assert.Equal((RunPhase.Cancelled, true, 1), (listed.Phase, listed.Ended, listed.Quarantined));
            await node.DeleteAsync("demo");
            Assert.Empty(await node.RunsAsync());
        }
    }

    [Fact]
    public async Task Run_SubmittedLaterWithAHigherPriority_IsServedFirst()
    {
        using var data = new TempData();
        calm.AddVideos(data, 5);
        var request = CalmRun.Request(data);
        await using var node = await CalmRun.StartAsync(data);
        await CalmRun.SubmitAsync(node, request);
        await CalmRun.WaitAsync(node, p => p.InFlight.Any(v => v.FramesDone > 0) || p.Completed > 0);
        await node.PauseAsync("demo");
        await CalmRun.WaitAsync(node, p => p.InFlight.IsEmpty);

        // Another video, whose features nobody has, while the first run has four of its own to do.
        var urgent = Directory.CreateDirectory(Path.Combine(data.Inputs, "urgent")).FullName;
        File.WriteAllBytes(Path.Combine(urgent, "u.mp4"), calm.Content(9));
        await node.SubmitAsync(request with { Inputs = [urgent], Run = "urgent" });
        await node.SetPriorityAsync("urgent", 10);
        await node.ResumeAsync("demo");
        await Soon.Async(() => node.ProgressAsync("urgent").GetAwaiter().GetResult().IsCompleted);
        Assert.False((await node.ProgressAsync("demo")).IsCompleted);
        await EndAsync(node, completed: 5);
        Assert.All(CalmRun.Names, name => Assert.Equal(calm.Csv(name), CalmRun.Csv(data, name)));
    }

    [Fact]
    public async Task Run_Ended_TellsWhatItCameToAndWhereTheFacesWere()
    {
        using var data = new TempData();
        calm.AddVideos(data, 1);
        data.AddVideo("x.mp4", [.. "no video at all"u8]);
        await using var node = await CalmRun.StartAsync(data);
        var request = CalmRun.Request(data);
        await CalmRun.SubmitAsync(node, request);
        await CalmRun.WaitAsync(node, p => p.IsCompleted);

        var totals = await node.TotalsAsync("demo");
        Assert.Equal((ShortClip.Frames, ShortClip.Frames), ((int)totals.Frames, (int)totals.Labels.Sum()));
        Assert.Equal(("probe", 1), (Assert.Single(totals.Causes).Stage, totals.Causes[0].Videos));

        var happened = await node.HappenedAsync("demo", 0);
        Assert.Equal(["a completed", "started", "x quarantined"], happened.New.Select(h => $"{h.Video} {h.What.Split(':')[0]}".Trim()).Where(h => h != "ended").Order(StringComparer.Ordinal));
        Assert.Empty((await node.HappenedAsync("demo", happened.Count)).New);

        var registered = await node.RegisteredAsync("demo", "a");
        var file = new FileInfo(registered.Uri);
        Assert.Equal((Path.Combine(request.Inputs[0], "a.mp4"), file.Length, file.LastWriteTimeUtc.Ticks), (registered.Uri, registered.Length, registered.Modified));
        Assert.Equal("a", Assert.Single((await Assert.ThrowsAsync<RunRequestException>(() => node.RegisteredAsync("demo", "aa"))).Nearest));

        var (track, _) = FaceTrack.Read(data.Data, "demo", "a", CancellationToken.None);
        Assert.Equal((128, 128, 1, totals.FaceFrames), (track!.Width, track.Height, track.Every, track.Boxes.Length));
        Assert.All(track.Boxes, box => Assert.True(box is [>= 0 and < 2.4, _, _, > 10 and < 128, > 10 and < 128], string.Join(' ', box)));
        Assert.Equal(track.Boxes.Select(b => b[0]).Order(), track.Boxes.Select(b => b[0]));
        Assert.Contains("has not been planned", FaceTrack.Read(data.Data, "demo", "x", CancellationToken.None).Why);
        Directory.Delete(data.Data.Features, recursive: true);
        Assert.Contains("No features of video 'a' are stored", FaceTrack.Read(data.Data, "demo", "a", CancellationToken.None).Why);
    }

    [Fact]
    public async Task Any_NameThatIsNotThere_IsRefusedWithTheNearest()
    {
        using var data = new TempData();
        calm.AddVideos(data, 1);
        await using var node = await CalmRun.StartAsync(data);
        await CalmRun.SubmitAsync(node, CalmRun.Request(data));
        await node.AuditAsync("ann@host", "run", "pause", "-run demo");
        await node.AuditAsync("bob@host", "run", "cancel", "-run demo -yes");
        Assert.Equal(["bob@host", "ann@host"], (await node.AuditedAsync(5)).Select(c => c.Who));
        Assert.Equal("cancel", Assert.Single(await node.AuditedAsync(1)).Command);

        ImmutableArray<Func<Task>> commands =
        [
            () => node.PauseAsync("demp"), () => node.CancelAsync("demp"), () => node.SetPriorityAsync("demp", 1), () => node.RetryAsync("demp"), () => node.RetryAsync("demp", "x"),
            () => node.QuarantineAsync("demp", "a", "x"), () => node.ExtendAsync("demp", []), () => node.WriteReportAsync("demp"), () => node.ExportAsync("demp", default),
            () => node.DeleteAsync("demp"), () => node.VideosAsync(new VideoQuery("demp")), () => node.VideoAsync("demp", "a"),
            () => node.RegisteredAsync("demp", "a"), () => node.TotalsAsync("demp"), () => node.HappenedAsync("demp", null),
        ];
        foreach (var command in commands)
        {
            var refused = await Assert.ThrowsAsync<RunRequestException>(command);
            Assert.Equal("There is no run 'demp'. The nearest: demo.", refused.Message);
            Assert.Equal("demo", Assert.Single(refused.Nearest));
        }

        Assert.Equal("a", Assert.Single((await Assert.ThrowsAsync<RunRequestException>(() => node.VideoAsync("demo", "aa"))).Nearest));
    }

    /// <summary>Waits until the run's end is recorded with its report.</summary>
    private static async Task EndAsync(ClusterNode node, int completed)
    {
        await CalmRun.WaitAsync(node, p => p.IsCompleted);
        await Soon.Async(() => node.RunsAsync().GetAwaiter().GetResult().Single(r => r.Name == "demo") is { Ended: true } run && run.Completed == completed);
        Assert.Equal(completed, (await node.ProgressAsync("demo")).Completed);
    }

    private static async Task<IReadOnlyList<UnitAttempt>> AttemptsAsync(ClusterNode node, IEnumerable<string> videos)
    {
        var attempts = new List<UnitAttempt>();
        foreach (var video in videos)
        {
            attempts.AddRange((await node.VideoAsync("demo", video)).Units.SelectMany(u => u.Tries));
        }

        return attempts;
    }
}
