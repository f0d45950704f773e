using System.Diagnostics;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Tests.Shared;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Pattern;
using Xunit.Abstractions;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>A PostgreSQL that is killed, or answers no more, and returns: every kind of persistent actor comes back by itself.</summary>
public sealed class PostgresOutageTests(ShortClip clip, ITestOutputHelper output) : IClassFixture<ShortClip>, IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private PostgresServer _server = null!;
    private PostgresStateStore _store = null!;
    private ActorSystem _system = null!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(durable: true);
        _store = new PostgresStateStore(await _server.CreateDatabaseAsync());
        await _store.PrepareAsync(CancellationToken.None);
        _system = ActorSystem.Create("actorcluster", NodeConfiguration.Of(new NodeSettings(), _store));
        var cluster = Akka.Cluster.Cluster.Get(_system);
        await cluster.JoinAsync(cluster.SelfAddress);
    }

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        _system.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Catalogue_PostgresKilledAndBack_AnswersAgain()
    {
        var catalog = Catalog(ActorRefs.Nobody);
        await SubmitAsync(catalog, Spec("before"));
        var actor = await ChildAsync();
        var gone = actor.WatchAsync();

        _server.Kill();
        catalog.Tell(new RunCommands.SubmitRun(Spec("lost")));
        Assert.True(await gone.WaitAsync(Deadline)); // A persistent actor stops when its journal fails.

        await _server.StartAgainAsync();
        var back = Stopwatch.StartNew();
        await SubmitAsync(catalog, Spec("after"));
        output.WriteLine($"The catalogue stored again {back.Elapsed.TotalSeconds:0.0} s after PostgreSQL was back.");
        Assert.InRange(back.Elapsed.TotalSeconds, 0, 15);
        Assert.NotEqual(actor, await ChildAsync());

        // It is still a singleton that a poison pill ends: the manager hands over only when all of it is gone.
        var supervisor = await _system.ActorSelection("/user/run-catalog-manager/run-catalog").ResolveOne(Deadline);
        var ended = supervisor.WatchAsync();
        supervisor.Tell(PoisonPill.Instance);
        Assert.True(await ended.WaitAsync(Deadline));
    }

    [Fact]
    public async Task Journal_PostgresFrozenAndThawed_IsUsedAgain()
    {
        var writer = _system.ActorOf(JournalBackOff.Supervise(Props.Create(() => new Writer("writer")), "writer"));
        await Eventually(() => writer.Ask<Writer.State>(new Writer.Write(1), TimeSpan.FromSeconds(1)));
        _server.Freeze();
        var frozen = Stopwatch.StartNew();
        var gone = (await writer.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Deadline)).Ref.WatchAsync();
        writer.Tell(new Writer.Write(2));
        Assert.True(await gone.WaitAsync(Deadline));
        output.WriteLine($"A write was given up {frozen.Elapsed.TotalSeconds:0.0} s after PostgreSQL froze.");
        _server.Thaw();
        var back = Stopwatch.StartNew();
        var known = (await Eventually(() => writer.Ask<Writer.State>(new Writer.Write(3), TimeSpan.FromSeconds(1)))).Known;
        output.WriteLine($"A write succeeded {back.Elapsed.TotalSeconds:0.0} s after it thawed.");
        Assert.Equal([1, 3], known.Where(n => n != 2).Distinct());
        Assert.InRange(frozen.Elapsed.TotalSeconds - back.Elapsed.TotalSeconds, 5, 20);
        Assert.InRange(back.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task Run_PostgresKilledTwiceInTheMiddle_GoesOnAndEndsWithTheBytesOfAnUndisturbedOne()
    {
        using var calm = new TempData();
        using var disturbed = new TempData();
        var expected = await RunAsync(calm, connection: null);
        var run = RunAsync(disturbed, await _server.CreateDatabaseAsync());
        foreach (var units in new[] { 2, 5 })
        {
            await Eventually(() => Task.FromResult(Directory.GetFiles(disturbed.Data.Features, "*.safetensors", SearchOption.AllDirectories).Length >= units || run.IsCompleted), done => done);
            Assert.False(run.IsCompleted);
            _server.Kill();
            await Task.WhenAny(run, Away()); // Long enough for every actor to notice; pings come each second.
            await _server.StartAgainAsync();
        }

        Assert.Equal(expected, await run);

        static async Task Away()
        {
            using var away = new PeriodicTimer(TimeSpan.FromSeconds(2));
            await away.WaitForNextTickAsync();
        }
    }

    /// <summary>A run of three videos of three chunks each; gives their predictions.</summary>
    private async Task<string[]> RunAsync(TempData data, string? connection)
    {
        var (pipeline, definition) = TestPipeline.Write(data, chunkSeconds: 1);
        var content = File.ReadAllBytes(clip.Path);
        var videos = Enumerable.Range(0, 3)
            .Select(i => data.AddVideo($"{i}.mp4", [.. content, .. Enumerable.Repeat<byte[]>([0, 0, 0, 8, .. "free"u8], i).SelectMany(box => box)])).ToList();
        await using var node = await ClusterNode.StartAsync(data.Data, TestPipeline.Tools, new NodeSettings { Slots = 2, State = connection }, onlyRun: "demo");
        await node.SubmitAsync(RunSubmission.Freeze(
            data.Data, "demo", pipeline, definition, _ => [.. videos.Select(v => new Core.VideoEntry(Path.GetFileName(v), v))], TestPipeline.Tools, csv: true, parquet: false));
        var clock = Stopwatch.StartNew();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                var progress = await node.ProgressAsync("demo");
                Assert.Empty(progress.PausedReason);
                if (progress.IsCompleted)
                {
                    break;
                }
            }
            catch (EnvironmentFaultException) when (clock.Elapsed < Deadline)
            {
                // The run's actor comes back with the next ping.
            }

            Assert.True(clock.Elapsed < Deadline, $"The run has not ended: {string.Join("; ", node.ReportedFailures)}");
            await look.WaitForNextTickAsync();
        }

        var summary = await node.ReportAsync("demo", clock.Elapsed);
        output.WriteLine($"{(connection is null ? "Undisturbed" : "Disturbed")}: {clock.Elapsed.TotalSeconds:0.0} s, {summary.Counts}, {summary.Chunks}");
        Assert.Equal(3, summary.Counts.Completed);
        return [.. videos.Select(v => File.ReadAllText(data.Data.Run("demo").PredictionCsv(Path.GetFileName(v))))];
    }

    private static RunSpec Spec(string name) => new(name, "m", 1, "lite", "p", "/", "e", true, false, null, null);

    private IActorRef Catalog(IActorRef runs)
    {
        _system.ActorOf(
            ClusterSingletonManager.Props(
                JournalBackOff.Supervise(RunCatalogActor.Props(runs, only: null), "run-catalog"),
                PoisonPill.Instance,
                ClusterSingletonManagerSettings.Create(_system).WithSingletonName("run-catalog")),
            "run-catalog-manager");
        return Proxy("run-catalog");
    }
    private IActorRef Proxy(string name) => _system.ActorOf(
        ClusterSingletonProxy.Props($"/user/{name}-manager", ClusterSingletonProxySettings.Create(_system).WithSingletonName(name)), name + "-proxy");

    private async Task<IActorRef> ChildAsync() => (await Eventually(
        () => _system.ActorSelection("/user/run-catalog-manager/run-catalog").Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, TimeSpan.FromSeconds(1)))).Ref;

    private static Task<RunCommands.RunAccepted> SubmitAsync(IActorRef catalog, RunSpec spec) =>
        Eventually(() => catalog.Ask<RunCommands.RunAccepted>(new RunCommands.SubmitRun(spec), TimeSpan.FromSeconds(1)));

    /// <summary>Asks again until there is an answer that will do: messages to an actor that is away are lost.</summary>
    private static async Task<T> Eventually<T>(Func<Task<T>> ask, Predicate<T>? answers = null)
    {
        var clock = Stopwatch.StartNew();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                if (await ask() is var answer && answers?.Invoke(answer) != false)
                {
                    return answer;
                }

                Assert.True(clock.Elapsed < Deadline, "Not within the deadline.");
                await look.WaitForNextTickAsync();
            }
            catch (AskTimeoutException) when (clock.Elapsed < Deadline)
            {
                // Once more.
            }
        }
    }
}
