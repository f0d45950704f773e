using System.Diagnostics;
using System.Net;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Runs;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests.Api;

public sealed class EventRoutesTests : ApiTest
{
    [Fact]
    public async Task Overview_RunsAndNodes_AreToldAtOnceAndWhenTheyChange()
    {
        Nodes.Pace = new RunPace("", 10, [.. Enumerable.Range(0, 70).Select(i => (double)i)], 3, 60, 5, [], []);
        Nodes.Nodes = [new NodeStanding(new MemberReport("a:1", "n1", ["gpu"], "Up", true, true, true, true), null, "no answer within 250 ms")];
        Host.End("old", completed: 1);
        using var events = await EventStream.OpenAsync(Http, Address("/v1/events"));

        var first = await events.NextAsync("overview");
        Runs.Runs["demo"] = HandWrittenRuns.Progress("demo", registered: 3);
        var second = await events.NextAsync("overview");

        Assert.True(DateTimeOffset.TryParse(first["at"]!.GetValue<string>(), out _));
        var (demo, old) = (first["runs"]!.AsArray().Single(r => r!["name"]!.GetValue<string>() == "demo")!, first["runs"]!.AsArray().Single(r => r!["name"]!.GetValue<string>() == "old")!);
        Assert.Equal((60, 10.0, 69.0), (demo["rates"]!.AsArray().Count, demo["rates"]![0]!.GetValue<double>(), demo["rates"]![59]!.GetValue<double>()));
        Assert.Equal((60.0, 5), (demo["seconds_left"]!.GetValue<double>(), demo["explanation"]!.AsArray().Count));
        Assert.Equal((true, null, null), (old["ended"]!.GetValue<bool>(), old["rates"], old["explanation"]));
        Assert.Equal("no answer within 250 ms", first["nodes"]![0]!["silence"]!.GetValue<string>());
        Assert.Equal(3, second["runs"]!.AsArray().Single(r => r!["name"]!.GetValue<string>() == "demo")!["videos"]!.GetValue<int>());
    }

    [Fact]
    public async Task Run_WhatHappens_IsToldInOrderFromNowOn()
    {
        Runs.Happened.Enqueue(new RunHappening(1, "started", ""));
        using var events = await EventStream.OpenAsync(Http, Address("/v1/runs/demo/events"));
        var progress = await events.NextAsync("progress");
        var explanation = await events.NextAsync("explanation");

        var at = new DateTime(2026, 11, 26, 14, 0, 0, 123, DateTimeKind.Utc).Ticks;
        Runs.Happened.Enqueue(new RunHappening(at, "quarantined: probe: <b>", WildId));
        Runs.Happened.Enqueue(new RunHappening(at, "ended", ""));
        Runs.Runs["demo"] = HandWrittenRuns.Progress("demo", quarantined: 2);
        var happened = await events.NextAsync("happened");
        var ended = await events.NextAsync("happened");

        Assert.Equal((2, 40), (progress["progress"]!["registered"]!.GetValue<int>(), progress["progress"]!["in_flight"]![0]!["frames_done"]!.GetValue<int>()));
        Assert.Equal("demo", progress["pace"]!["run"]!.GetValue<string>());
        Assert.Equal(5, explanation["lines"]!.AsArray().Count);
        Assert.Equal(("2026-11-26T14:00:00.123Z", "quarantined: probe: <b>", WildId), (happened["at"]!.GetValue<string>(), happened["what"]!.GetValue<string>(), happened["video"]!.GetValue<string>()));
        Assert.Equal(("ended", ""), (ended["what"]!.GetValue<string>(), ended["video"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Run_WhoComesLater_IsToldHowItStands()
    {
        using var first = await EventStream.OpenAsync(Http, Address("/v1/runs/demo/events"));
        await first.NextAsync("progress");

        using var second = await EventStream.OpenAsync(Http, Address("/v1/runs/demo/events"));

        Assert.Equal("progress", (await second.NextAsync())!.Value.Name); // Nothing has changed: it is what was told before.
    }

    [Fact]
    public async Task Run_ManyWhoFollow_AreOneLookAtATime()
    {
        var streams = new List<EventStream>();
        try
        {
            for (var i = 0; i < 30; i++)
            {
                streams.Add(await EventStream.OpenAsync(Http, Address("/v1/runs/demo/events")));
            }

            var (looks, clock) = (Runs.Looks, Stopwatch.StartNew());
            Runs.Runs["demo"] = HandWrittenRuns.Progress("demo", registered: 7);
            foreach (var stream in streams)
            {
                while ((await stream.NextAsync("progress"))["progress"]!["registered"]!.GetValue<int>() != 7)
                {
                    // What it was before.
                }
            }

            Assert.InRange(Runs.Looks - looks, 1, 2 + (int)clock.Elapsed.TotalSeconds);
        }
        finally
        {
            streams.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task Run_NobodyFollowsAnyMore_IsNotLookedAt()
    {
        using (var events = await EventStream.OpenAsync(Http, Address("/v1/runs/demo/events")))
        {
            await events.NextAsync("progress");
        }

        var looks = Runs.Looks;
        using var look = new PeriodicTimer(TimeSpan.FromSeconds(2));
        using var deadline = new CancellationTokenSource(Deadline.After);
        do
        {
            looks = Runs.Looks;
            await look.WaitForNextTickAsync(deadline.Token);
        }
        while (Runs.Looks != looks);
    }

    [Fact]
    public async Task Run_Removed_EndsItsStream()
    {
        using var events = await EventStream.OpenAsync(Http, Address("/v1/runs/demo/events"));
        await events.NextAsync("progress");

        Runs.Runs.TryRemove("demo", out _);

        await events.ToEndAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v1/runs/demo/events")).Status);
    }

    [Fact]
    public async Task Run_DoesNotAnswer_IsToldAsTroubleAndGoesOn()
    {
        using var events = await EventStream.OpenAsync(Http, Address("/v1/runs/demo/events"));
        await events.NextAsync("progress");

        Runs.Failure = new EnvironmentFaultException("cluster", "No answer.", "Wait.");
        var trouble = await events.NextAsync("trouble");
        Runs.Failure = null;
        Runs.Runs["demo"] = HandWrittenRuns.Progress("demo", registered: 9);

        Assert.Equal("cluster: No answer. Wait.", trouble["detail"]!.GetValue<string>());
        Assert.Equal(9, (await events.NextAsync("progress"))["progress"]!["registered"]!.GetValue<int>());
    }

    [Fact]
    public async Task Events_MoreThanAllowed_AreRefusedUntilOneLeaves()
    {
        var streams = new List<EventStream>();
        try
        {
            for (var i = 0; i < OperatorLimits.MostFollowers; i++)
            {
                streams.Add(await EventStream.OpenAsync(Http, Address(i % 2 == 0 ? "/v1/events" : "/v1/runs/demo/events")));
            }

            using var refused = await Http.GetAsync(Address("/v1/events"));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (refused.StatusCode, refused.Headers.RetryAfter is not null));

            streams[0].Dispose();
            using var deadline = new CancellationTokenSource(Deadline.After);
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (await look.WaitForNextTickAsync(deadline.Token))
            {
                using var again = await Http.GetAsync(Address("/v1/events"), HttpCompletionOption.ResponseHeadersRead, deadline.Token);
                if (again.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
        }
        finally
        {
            streams.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task Events_NodeThatStops_WaitsForNobodyWhoFollows()
    {
        await using var host = await OperatorHost.StartAsync(runs: new HandWrittenRuns { Control = Nodes });
        using var http = new HttpClient();
        using var events = await EventStream.OpenAsync(http, new Uri(host.Address, "/v1/events"));
        await events.NextAsync("overview");

        await host.Endpoint.DisposeAsync();

        await events.ToEndAsync(); // In order: whoever is still there when the server's patience ends is cut off, which reading would tell.
    }

    [Fact]
    public async Task Events_NodeThatHasNotJoined_AreRefused()
    {
        await using var host = await OperatorHost.StartAsync(joined: false);
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync(new Uri(host.Address, "/v1/events"))).StatusCode);
    }

    [Fact]
    public async Task Events_Answer_IsKeptAndCollectedByNobody()
    {
        using var events = await EventStream.OpenAsync(Http, Address("/v1/events"));

        Assert.True(events.Response.Headers.CacheControl!.NoStore);
        Assert.Equal(["no"], events.Response.Headers.GetValues("X-Accel-Buffering"));
    }
}
