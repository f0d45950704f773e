using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Runs.RunCommands;

namespace ActorCluster.Processing.Tests.Runs;

/// <summary>A run's actor with probes around it.</summary>
public abstract class DatasetRunActorTest : ActorTest
{
    protected const string Id = "run-demo";

    private readonly TempData _data = new();

    protected DatasetRunActorTest()
    {
        Node = new NodeContext(_data.Data, TestPipeline.Tools, new NodeSettings { Slots = 2 });
        (Videos, Broker, Catalog) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
    }

    private protected NodeContext Node { get; }

    protected TestProbe Videos { get; }

    protected TestProbe Broker { get; }

    protected TestProbe Catalog { get; }

    private protected static VideoFinished Finished(int index, bool completed = true, int revision = 1) => new("demo", DatasetRunStateTests.Outcome(index, completed, revision));

    private protected RunSpec Spec(int videos) => DatasetRunStateTests.Spec(videos, Freeze(videos).ManifestHash);

    private protected RunSpec Freeze(int videos, Func<int, int>? revision = null)
    {
        var folder = _data.Data.Run("demo");
        Directory.CreateDirectory(folder.Root);
        var hash = FrozenManifest.Write(folder.Manifest, Enumerable.Range(0, videos).Select(i => new FrozenManifest.Line($"v{i}", $"/v/{i}.mp4", null, null, 1, 1, revision?.Invoke(i) ?? 1, true, false)));
        return DatasetRunStateTests.Spec(videos, hash);
    }

    protected IActorRef Start() => Sys.ActorOf(DatasetRunActor.Props("demo", Node, Videos, Broker, Catalog));

    protected IActorRef Drive(int videos, int slots)
    {
        var run = Start();
        run.Tell(new DriveRun(Freeze(videos)));
        AwaitAssert(() => Assert.Equal(videos, Progress(run).Registered), Deadline);
        Offer(run, slots);
        return run;
    }

    protected static void Offer(IActorRef run, int slots) => run.Tell(new SlotMessages.SlotTotals(1, slots, 0, MeterReading.Zero));

    protected IReadOnlyList<int> InFlight(IActorRef run) => [.. Progress(run).InFlight.Select(v => v.Index)];

    private protected RunQueries.RunProgress Progress(IActorRef run)
    {
        run.Tell(new RunQueries.GetRunProgress("demo"), TestActor);
        return ExpectMsg<RunQueries.RunProgress>();
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _data.Dispose();
    }
}
