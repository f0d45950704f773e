using System.Collections.Immutable;
using ActorCluster.Core.Labels;
using ActorCluster.Models.Torch;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Trials;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;
using ActorCluster.Training;
using ActorCluster.Training.Ablation;
using ActorCluster.Training.Tests;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Slots.SlotMessages;
using static ActorCluster.Processing.Trials.TrialMessages;

namespace ActorCluster.Processing.Tests.Trials;

/// <summary>Trials, broker and node as they are, with a set that trains in a second.</summary>
[Collection(TrialCollection.Name)]
public sealed class TrialActorTests : ActorTest
{
    private readonly TempData _data = new();
    private readonly string _folder;
    private readonly AblationPlan _plan;
    private readonly TestProbe _videos;
    private readonly TestProbe _parent;

    public TrialActorTests()
    {
        _folder = Path.Combine(_data.Inputs, "ablation");
        var config = SyntheticVideos.Config with { Epochs = 4 };
        _plan = AblationPlan.Create(
            new AblationGrid([new("one", config, null), new("two", config with { Batch = 8 }, null)], [1], new AblationScoring(DatasetSplit.Validation, [])),
            SyntheticVideos.Write(_data.Inputs));
        _plan.Write(_folder);
        (_videos, _parent) = (CreateTestProbe(), CreateTestProbe());
    }

    [Fact]
    public async Task Ablation_BrokerAndNode_RunsEveryTrialOnTheSlotsThereAre()
    {
        var (broker, context, node) = House(slots: 2);
        var ablation = Sys.ActorOf(AblationActor.Props(_folder, _plan, Trials(), broker, TimeSpan.FromSeconds(20)));
        await UntilAsync(ablation, s => s.IsCompleted);
        Assert.Equal([4, 4], (await ablation.Ask<AblationState>(new AblationMessages.GetAblation(), Deadline)).Results.Select(r => r!.Epochs));
        await Soon.Async(() => broker.Ask<SlotTotals>(new GetSlotTotals(), Deadline).Result.InUse == 0);
        _videos.ExpectNoMsg(TimeSpan.Zero);
        context.Trials.Dispose();

        // Another life reads the results and asks for nothing.
        var again = Sys.ActorOf(AblationActor.Props(_folder, _plan, Trials(), _parent, TimeSpan.FromSeconds(20)));
        await UntilAsync(again, s => s.IsCompleted);
        _parent.ExpectNoMsg(TimeSpan.Zero);
        Kill(node);
    }

    [Fact]
    public async Task Node_Drained_StopsTheTrialAfterItsStepAndItGoesOnElsewhere()
    {
        var (broker, context, node) = House(slots: 1);
        var ablation = Sys.ActorOf(AblationActor.Props(_folder, _plan, Trials(), broker, TimeSpan.FromSeconds(20)));

        // Written when a training begins; news of its steps come every second only, by when it could have ended.
        await Soon.Async(() => Directory.Exists(_folder) && Directory.GetFiles(_folder, "training.json", SearchOption.AllDirectories).Length > 0);
        await node.Ask<InferenceMessages.Drained>(new InferenceMessages.Drain(TimeSpan.Zero), Deadline);
        var stopped = await UntilAsync(ablation, s => s.Trials.All(t => t.Phase != TrialPhase.Running));
        Kill(node);
        Assert.False(stopped.IsCompleted);
        Assert.NotEmpty(Directory.GetFiles(_folder, "state.safetensors", SearchOption.AllDirectories));

        var other = new NodeContext(_data.Data, TestPipeline.Tools, new NodeSettings { Slots = 1 }) { Liveness = _ => NodeLiveness.Alive };
        Sys.ActorOf(InferenceNodeActor.Props(other, broker, _videos));
        var state = await UntilAsync(ablation, s => s.IsCompleted);
        var alone = Path.Combine(_data.Inputs, "alone");
        using var set = TrainingSet.Open(_plan.Videos);
        Assert.Equal(
            _plan.Trials(alone, TorchDevice.Cpu).Select(t => t.Run(set, _ => { }, () => { }, CancellationToken.None)!.Scores[0].Pooled.MacroF1),
            state.Results.Select(r => r!.Scores[0].Pooled.MacroF1));
        context.Trials.Dispose();
        other.Trials.Dispose();
    }

    [Fact]
    public async Task Trial_PlanIsNotWhatWasAskedFor_FailsAndIsTriedAgain()
    {
        var (broker, _, _) = House(slots: 1);
        var trials = Trials();
        var other = _plan with { Seeds = [1, 2] };
        other.Write(_folder);
        var ablation = Sys.ActorOf(AblationActor.Props(_folder, _plan, trials, broker, TimeSpan.Zero));
        var state = await UntilAsync(ablation, s => s.Failure is not null);
        Assert.Contains("is another one than was asked for", state.Failure!.Message, StringComparison.Ordinal);
        _plan.Write(_folder);
        await UntilAsync(ablation, s => s.IsCompleted);
    }

    [Fact]
    public void Trial_LeaseLostReturnedOrTaken_AsksTheBrokerAgain()
    {
        var (broker, node) = (CreateTestProbe(), CreateTestProbe());
        var key = new VideoKey("ablation:x", 1, 1);
        var trial = _parent.ChildActorOf(TrialActor.Props(key, _folder, "hash", Trials()[1].Trial, broker));
        var asked = Await<RequestSlots>(broker);
        Assert.Equal((key, 1), (asked.Key, asked.Wanted));
        Assert.Equal(trial, ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(asked.Requester));

        Grant("a", "b");
        Assert.Equal("b", Await<ReturnLease>(broker).Lease);
        var start = node.ExpectMsg<StartTrial>();
        Assert.Equal(("a", key, asked.Requester, 1), (start.Lease, start.Key, start.Requester, start.Trial));
        trial.Tell(new TrialReleased("old", "late"), node);
        Assert.Equal("old", node.ExpectMsg<TrialRecorded>().Lease);
        trial.Tell(new TrialProgressed("a", "training", 2, 4, 7), node);
        Assert.Equal(2, Await<AblationMessages.Progressed>(_parent, m => m.Steps > 0).Epoch);

        trial.Tell(new VideoCommands.LeaseLost(key, "a", "silent", NodeLost: true, Stalled: false));
        Assert.Equal("silent", Await<AblationMessages.Released>(_parent).Reason);
        Await<RequestSlots>(broker, m => m.Wanted == 1);
        Grant("c");
        Assert.Equal("c", node.ExpectMsg<StartTrial>().Lease);
        trial.Tell(new TrialFailed("c", new Fault(false, "store", "full", "room", [])), node);
        Assert.Equal("full", Await<AblationMessages.Failed>(_parent).Fault.Cause);
        Assert.Equal("c", node.ExpectMsg<TrialRecorded>().Lease);

        void Grant(params string[] leases) => trial.Tell(new VideoCommands.SlotsGranted(
            key, [.. leases], "node", Akka.Serialization.Serialization.SerializedActorPath(node), Alone: false, Decoder: ""));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _data.Dispose();
    }

    private (IActorRef Broker, NodeContext Context, IActorRef Node) House(int slots)
    {
        var broker = Sys.ActorOf(SlotBrokerActor.Props(_videos, _ => NodeLiveness.Alive, () => false));
        var context = new NodeContext(_data.Data, TestPipeline.Tools, new NodeSettings { Slots = slots });
        return (broker, context, Sys.ActorOf(InferenceNodeActor.Props(context, broker, _videos)));
    }

    private ImmutableArray<(AblationTrial Trial, TrialResult? Result)> Trials() => [.. _plan.Trials(_folder, TorchDevice.Cpu).Select(t => (t, t.Read()))];

    private static async Task<AblationState> UntilAsync(IActorRef ablation, Func<AblationState, bool> condition)
    {
        AblationState? state = null;
        await Soon.Async(() => condition(state = ablation.Ask<AblationState>(new AblationMessages.GetAblation(), Deadline).Result));
        return state!;
    }
}
