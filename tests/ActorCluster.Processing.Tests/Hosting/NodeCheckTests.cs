using System.Diagnostics.Metrics;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>What makes a node ready beside its cluster and its folder: a forward pass on its device, and a journal that answers.</summary>
public sealed class NodeCheckTests : IDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(20);
    private readonly TempData _data = new();
    private readonly NodeContext _node;

    public NodeCheckTests() => _node = new NodeContext(_data.Data, TestPipeline.Tools, new NodeSettings());

    private static string Models { get; } = Path.GetDirectoryName(RepositoryFiles.ExpressionNet)!;

    [Fact]
    public async Task Check_ForwardPassIsNotDoneYet_SaysSo()
    {
        using var done = new ManualResetEventSlim();
        using var check = new NodeCheck(_node, () => done.Wait(TimeSpan.FromSeconds(60)), _ => Task.CompletedTask, () => true, Often);

        Assert.Equal(["The device cpu has not done its first forward pass yet."], check.Problems.AsEnumerable());

        done.Set();
        await Soon.Async(() => check.Problems.IsEmpty);
    }

    [Fact]
    public async Task Check_ForwardPassFails_KeepsTheCause()
    {
        using var check = new NodeCheck(
            _node, () => throw new EnvironmentFaultException("device", "It is broken.", "Mend it."), _ => Task.CompletedTask, () => false, Often);

        await Soon.Async(() => check.Problems is ["device: It is broken. Mend it."]);
    }

    [Fact]
    public async Task Check_JournalFailsAndComesBack_FollowsIt()
    {
        var (fails, asked) = (true, 0);
        using var check = new NodeCheck(
            _node,
            forwardPass: null,
            _ =>
            {
                Interlocked.Increment(ref asked);
                return Volatile.Read(ref fails) ? Task.FromException(new EnvironmentFaultException("state", "It is away.", "Wait.")) : Task.CompletedTask;
            },
            () => !Volatile.Read(ref fails),
            Often);

        await Soon.Async(() => check.Problems is ["state: It is away. Wait."]);
        await Soon.Async(() => Ready() == 0);
        Volatile.Write(ref fails, false);
        await Soon.Async(() => check.Problems.IsEmpty);
        await Soon.Async(() => Ready() == 1);
        Assert.True(asked > 1);
    }

    [Fact]
    public async Task Check_JournalHangs_IsAProblem()
    {
        using var check = new NodeCheck(_node, forwardPass: null, token => Task.Delay(Timeout.Infinite, token), () => true, Often);

        await Soon.Async(() => check.Problems is ["The journal has not answered in 5 s."]);
    }

    [Fact]
    public async Task Reach_SqliteThere_AnswersUntilItIsGone()
    {
        var store = new SqliteStateStore(_data.Data);
        await store.PrepareAsync(CancellationToken.None);
        await store.ReachAsync(CancellationToken.None);

        Directory.Delete(_data.Data.State, recursive: true);

        Assert.Equal("journal", (await Assert.ThrowsAsync<EnvironmentFaultException>(() => store.ReachAsync(CancellationToken.None))).Stage);
    }

    [Fact]
    public async Task Reach_PostgresNotThere_SaysWhereWithoutThePassword()
    {
        var store = new PostgresStateStore("Host=127.0.0.1;Port=1;Database=actorcluster;Username=a;Password=hunter22");

        var e = await Assert.ThrowsAsync<EnvironmentFaultException>(() => store.ReachAsync(CancellationToken.None));

        Assert.Contains("PostgreSQL at 127.0.0.1:1", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ForwardPass_ShippedModels_Computes()
    {
        ForwardPass.Try(new InferenceSettings(), Models);
        ForwardPass.TryBeit(new InferenceSettings(), Path.Combine(Models, "sample", "beit"));
    }

    [Fact]
    public void ForwardPass_ModelsMissing_IsAFault()
    {
        Assert.Throws<EnvironmentFaultException>(() => ForwardPass.Try(new InferenceSettings(), _data.Inputs));
        Assert.Throws<CheckpointFormatException>(() => ForwardPass.TryBeit(new InferenceSettings(), _data.Inputs));
    }

    public void Dispose()
    {
        _node.Instruments.Dispose();
        _data.Dispose();
    }

    /// <summary>What the gauge of this test's own node shows; null before there is one.</summary>
    private long? Ready()
    {
        long? ready = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name == "actorcluster.node.ready" && _node.Instruments.Owns(instrument))
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => ready = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return ready;
    }
}
