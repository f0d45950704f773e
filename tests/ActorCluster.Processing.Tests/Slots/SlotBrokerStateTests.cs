using System.Collections.Immutable;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Tests.Slots;

public sealed class SlotBrokerStateTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private int _leases;

    [Fact]
    public void Grant_NoNode_GivesNothingAndKeepsTheDemand()
    {
        var (state, grants) = Grant(Ask(SlotBrokerState.Empty, Video("a"), 2));
        Assert.Empty(grants);
        Assert.Equal(2, Grant(Node(state, "n", 4)).Grants.Count);
    }

    [Fact]
    public void Grant_MoreWantedThanSlots_GivesTheSlotsAndRemembersTheRest()
    {
        var (state, grants) = Grant(Ask(Node(SlotBrokerState.Empty, "n", 2), Video("a"), 5));
        Assert.Equal(2, grants.Count);
        Assert.Equal(new SlotTotals(1, 2, 2, MeterReading.Zero), state.Totals);
        Assert.Single(Grant(state.Returned(grants[0].Id)).Grants);
    }

    [Fact]
    public void Grant_ZeroWanted_TakesTheDemandBack() =>
        Assert.Empty(Grant(Ask(Ask(Node(SlotBrokerState.Empty, "n", 2), Video("a"), 5), Video("a"), 0)).Grants);

    [Fact]
    public void Grant_HigherPriority_GoesBeforeFairnessAndOrder()
    {
        var state = Node(SlotBrokerState.Empty, "n", 3);
        state = Ask(Ask(Ask(state, Video("low"), 3), Video("other"), 3), Video("high"), 2, priority: 1);
        Assert.Equal(["high", "high", "low"], Grant(state).Grants.Select(g => g.Key.Run));
    }

    [Fact]
    public void Grant_TwoRuns_SharesAlikeWhateverTheirOrder()
    {
        var state = Node(SlotBrokerState.Empty, "n", 6);
        state = Enumerable.Range(0, 10).Aggregate(state, (s, i) => Ask(s, Video("first", i), 1));
        state = Enumerable.Range(0, 10).Aggregate(state, (s, i) => Ask(s, Video("second", i), 1));
        var grants = Grant(state).Grants;
        Assert.Equal(3, grants.Count(g => g.Key.Run == "first"));
        Assert.Equal([0, 1, 2], grants.Where(g => g.Key.Run == "second").Select(g => g.Key.Index));
    }

    [Fact]
    public void Grant_AskedAgain_KeepsItsPlaceInTheOrder()
    {
        var state = Ask(Ask(Node(SlotBrokerState.Empty, "n", 1), Video("a", 0), 1), Video("a", 1), 1);
        state = Ask(state, Video("a", 0), 1);
        Assert.Equal(0, Assert.Single(Grant(state).Grants).Key.Index);
    }

    [Fact]
    public void Grant_VideoWithALeaseSomewhere_GetsItsNextSlotThere()
    {
        var (state, first) = Grant(Ask(Node(SlotBrokerState.Empty, "z", 2), Video("a"), 1));
        state = Ask(Node(state, "b", 8), Video("a"), 1);
        Assert.Equal("z", Assert.Single(first).Node);
        Assert.Equal("z", Assert.Single(Grant(state).Grants).Node);
    }

    [Fact]
    public void Grant_Alone_WaitsForAnEmptyNodeAndKeepsItEmpty()
    {
        var (state, busy) = Grant(Ask(Node(SlotBrokerState.Empty, "n", 2), Video("a", 0), 1));
        state = Ask(state, Video("a", 1), 1, alone: true);
        state = Ask(state, Video("a", 2), 5);
        (state, var none) = Grant(state);
        Assert.Empty(none);
        (state, var alone) = Grant(state.Returned(busy[0].Id));
        Assert.Equal((1, true), (Assert.Single(alone).Key.Index, alone[0].Alone));
        Assert.Empty(Grant(state).Grants);
        Assert.Equal([2, 2], Grant(state.Returned(alone[0].Id)).Grants.Select(g => g.Key.Index));
    }

    [Fact]
    public void Grant_AloneWithTwoNodes_DrainsOneAndLeavesTheOtherToTheRest()
    {
        var state = Node(Node(SlotBrokerState.Empty, "m", 2), "n", 2);
        (state, var busy) = Grant(Ask(Ask(state, Video("a", 0), 2), Video("a", 1), 1));
        var lonely = busy.Single(g => g.Key.Index == 1);
        state = Ask(Ask(state, Video("a", 2), 1, alone: true), Video("a", 3), 1);
        Assert.Empty(Grant(state).Grants);
        var (after, grants) = Grant(state.Returned(lonely.Id));
        Assert.Equal((2, lonely.Node), (Assert.Single(grants).Key.Index, grants[0].Node));
        var (last, rest) = Grant(after.Returned(busy[0].Id));
        Assert.Equal((3, busy[0].Node), (Assert.Single(rest).Key.Index, rest[0].Node));
        Assert.Equal(3, last.Leases.Count);
    }

    [Fact]
    public void Grant_SuspectsOfManyVideos_EmptyOneNodeInFour()
    {
        var state = Enumerable.Range(0, 8).Aggregate(SlotBrokerState.Empty, (s, n) => Node(s, $"n{n}", 2));
        state = Enumerable.Range(1, 5).Aggregate(Ask(state, Video("a", 0), 100), (s, v) => Ask(s, Video("a", v), 3, alone: true));
        (state, var grants) = Grant(state);
        Assert.Equal(2, grants.Count(g => g.Alone));
        Assert.Equal(12, grants.Count(g => !g.Alone));

        // Units end one by one, and never are more nodes given to suspects.
        for (var rounds = 0; rounds < 60; rounds++)
        {
            var oldest = state.Leases.Values.OrderByDescending(l => l.Alone).ThenBy(l => l.Node, StringComparer.Ordinal).First();
            (state, _) = Grant(state.Returned(oldest.Id));
            Assert.InRange(state.Leases.Values.Count(l => l.Alone), 0, 2);
        }

        Assert.DoesNotContain(state.Demands.Values, d => d.Alone);
    }

    [Fact]
    public void Grant_AloneWhileANodeLeaves_DrainsOneThatStays()
    {
        var state = Node(Node(SlotBrokerState.Empty, "leaving", 1), "stays", 2);
        (state, var busy) = Grant(Ask(state, Video("a", 0), 3));
        state = state.Left("leaving").Returned(busy.Single(g => g.Node == "leaving").Id);
        state = Ask(Ask(state, Video("a", 1), 1, alone: true), Video("a", 2), 9);
        foreach (var lease in busy.Where(g => g.Node == "stays"))
        {
            (state, var grants) = Grant(state.Returned(lease.Id));
            Assert.All(grants, g => Assert.True(g.Alone, "The node that is to be emptied got other work."));
        }

        Assert.Single(state.Leases.Values, l => l.Alone);
    }

    [Fact]
    public void Left_Node_GetsNothingMoreButKeepsItsLeases()
    {
        var (state, grants) = Grant(Ask(Node(SlotBrokerState.Empty, "n", 2), Video("a"), 1));
        state = Ask(state.Left("n").Left("unknown"), Video("b"), 1);
        Assert.Empty(Grant(state).Grants);
        Assert.True(state.Leases.ContainsKey(grants[0].Id));
    }

    [Fact]
    public void Heard_NewBrokerAndNodesWithLiveLeases_LearnsThemAllBeforeItGrants()
    {
        var (old, grants) = Grant(Ask(Node(SlotBrokerState.Empty, "n", 2), Video("a"), 2));
        var reports = grants.Select(g => Report(g, 1)).ToArray();
        var fresh = Ask(Node(SlotBrokerState.Empty, "n", 2, 0, reports), Video("b"), 1);
        Assert.Equal(old.Leases.Keys.Order(), fresh.Leases.Keys.Order());
        Assert.Empty(Grant(fresh).Grants);
        Assert.All(fresh.Leases.Values, l => Assert.Equal("n", l.Node));
    }

    [Fact]
    public void Heard_LeaseGoneFromTheReport_FreesItsSlotButAnUnconfirmedGrantStays()
    {
        var (state, grants) = Grant(Ask(Node(SlotBrokerState.Empty, "n", 2), Video("a"), 2));
        state = Node(state, "n", 2, 1, Report(grants[0], 1));
        Assert.Equal(2, state.Leases.Count);
        state = Node(state, "n", 2, 2);
        Assert.Equal(grants[1].Id, Assert.Single(state.Leases).Key);
    }

    [Fact]
    public void Expire_SilentNode_ComesBackOnceWithAllItsLeasesAndNoOthers()
    {
        var (state, grants) = TwoNodes();
        state = Node(state, "m", 1, 58, Report(grants.Single(g => g.Node == "m"), 5));
        state = state with { Leases = state.Leases.ToImmutableDictionary(l => l.Key, l => l.Value with { ProgressAt = At(58), Confirmed = true }) };
        Assert.Empty(Expire(state, At(60)).Lost);
        (state, var lost) = Expire(state, At(60.5));
        Assert.Equal(grants.Where(g => g.Node == "n").Select(g => g.Id).Order(), lost.Select(l => l.Lease.Id).Order());
        Assert.All(lost, l => Assert.True(l.NodeLost));
        Assert.Equal(["m"], state.Nodes.Keys);
        Assert.Empty(Expire(state, At(60.6)).Lost);
    }

    [Fact]
    public void Expire_UnreachableNode_IsLostOnceItIsSilentAndAReachableOneIsNot()
    {
        var (state, grants) = TwoNodes();
        Assert.Empty(Expire(state, At(2), unreachable: "n").Lost);
        var (after, lost) = Expire(state, At(2.5), unreachable: "n");
        Assert.Equal(grants.Where(g => g.Node == "n").Select(g => g.Id).Order(), lost.Select(l => l.Lease.Id).Order());
        Assert.Equal(["m"], after.Nodes.Keys);
    }

    [Fact]
    public void Expire_NodeThatLeftTheCluster_IsLostAtOnce()
    {
        var (state, _) = TwoNodes();
        Assert.Equal(2, Expire(state, At(0.1), gone: "n").Lost.Count);
    }

    [Fact]
    public void Heard_NodeComesBackWithLeasesThatWereTakenBack_MustGiveThemUp()
    {
        var (state, grants) = TwoNodes();
        (state, var lost) = Expire(state, At(3), unreachable: "n");
        var (again, revoked) = state.Heard(
            new NodeHeartbeat("n", 2, [.. grants.Where(g => g.Node == "n").Select(g => Report(g, 9))], [], MeterReading.Zero, 0, ""), "akka://x/n", At(4));
        Assert.Equal(lost.Select(l => l.Lease.Id).Order(), revoked.Order());
        Assert.Equal(["m"], again.Leases.Values.Select(l => l.Node));
    }

    [Fact]
    public void Grant_NodeRefusesTheRun_GoesToAnotherOrWaits()
    {
        var state = Refusing("a");
        var (after, grants) = Grant(Ask(Ask(state, Video("a"), 1), Video("b"), 1));
        Assert.Equal("b", Assert.Single(grants).Key.Run);
        Assert.Single(after.Demands);
        Assert.Equal("n", Assert.Single(Grant(Node(after, "n", 1)).Grants).Node);

        static SlotBrokerState Refusing(string run) =>
            SlotBrokerState.Empty.Heard(new NodeHeartbeat("m", 3, [], [run], MeterReading.Zero, 0, ""), "akka://x/m", At(0)).State;
    }

    [Fact]
    public void Expire_NoProgress_ComesBackOnceWithItsStage()
    {
        var (state, grants) = Granted();
        for (var second = 0; second <= 45; second++)
        {
            state = Node(state, "n", 1, second, Report(grants[0], progress: 7, stage: "decode"));
            (state, var early) = Expire(state, At(second));
            Assert.Empty(early);
        }

        (state, var lost) = Expire(state, At(45.5));
        Assert.Equal((grants[0].Id, false), (Assert.Single(lost).Lease.Id, lost[0].NodeLost));
        Assert.Contains("'decode'", lost[0].Reason, StringComparison.Ordinal);
        Assert.Empty(Expire(state, At(45.6)).Lost);
        Assert.Equal(0, state.Totals.InUse);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Expire_WaitingProgressingOrInANewStage_IsNoStall(bool waiting, bool progressing, bool newStages)
    {
        var (state, grants) = Granted();
        for (var second = 0; second < 200; second++)
        {
            state = Node(state, "n", 1, second, Report(grants[0], progressing ? second : 0, newStages ? $"stage {second}" : "encode", waiting));
            (state, var lost) = Expire(state, At(second));
            Assert.Empty(lost);
        }
    }

    [Fact]
    public void Grant_NodeThatMissedThreeHeartbeats_GetsNothingUntilItIsHeardAgain()
    {
        var state = Ask(Node(SlotBrokerState.Empty, "n", 1), Video("a"), 1);
        Assert.Empty(state.Grant(At(3.1), () => "lease").Grants);
        Assert.Single(state.Grant(At(3), () => "lease").Grants);
        Assert.Single(Node(state, "n", 1, 5).Grant(At(6), () => "lease").Grants);
    }

    [Fact]
    public void Expire_GrantThatNoReportEverShows_ComesBackAfterTenSeconds()
    {
        var (state, grants) = Granted();
        state = Node(state, "n", 1, 9);
        Assert.Empty(Expire(state, At(10)).Lost);
        (state, var lost) = Expire(state, At(10.5));
        Assert.Equal((grants[0].Id, false), (Assert.Single(lost).Lease.Id, lost[0].NodeLost));
        Assert.Empty(state.Leases);
    }

    [Fact]
    public void Expire_DemandThatIsNotRepeated_IsForgotten()
    {
        var state = Ask(SlotBrokerState.Empty, Video("a"), 1);
        Assert.Single(Expire(state, At(15)).State.Demands);
        Assert.Empty(Expire(state, At(15.1)).State.Demands);
        Assert.Single(Expire(state.Requested(new RequestSlots(Video("a"), 0, 1, false, ""), At(10)), At(24)).State.Demands);
    }

    private (SlotBrokerState State, IReadOnlyList<SlotBrokerState.Lease> Grants) TwoNodes() =>
        Grant(Ask(Node(Node(SlotBrokerState.Empty, "m", 1), "n", 2), Video("a"), 3));

    private static VideoKey Video(string run, int index = 0) => new(run, index, 1);

    private static DateTime At(double second) => Start.AddSeconds(second);

    private static SlotBrokerState Node(SlotBrokerState state, string name, int slots, double second = 0, params LeaseReport[] leases) =>
        state.Heard(new NodeHeartbeat(name, slots, [.. leases], [], MeterReading.Zero, 0, ""), $"akka://x/{name}", At(second)).State;

    private static (SlotBrokerState State, IReadOnlyList<(SlotBrokerState.Lease Lease, string Reason, bool NodeLost)> Lost) Expire(
        SlotBrokerState state, DateTime now, string? unreachable = null, string? gone = null) =>
        state.Expire(now, name => name == gone ? NodeLiveness.Gone : name == unreachable ? NodeLiveness.Unreachable : NodeLiveness.Alive);

    private static SlotBrokerState Ask(SlotBrokerState state, VideoKey key, int wanted, bool alone = false, int priority = 0) =>
        state.Requested(new RequestSlots(key, priority, wanted, alone, ""), Start);

    private static LeaseReport Report(SlotBrokerState.Lease lease, long progress, string stage = "encode", bool waiting = false) =>
        new(lease.Id, lease.Key, 0, stage, progress, waiting, lease.Alone, lease.Requester);

    private (SlotBrokerState State, IReadOnlyList<SlotBrokerState.Lease> Grants) Granted() => Grant(Ask(Node(SlotBrokerState.Empty, "n", 1), Video("a"), 1));

    private (SlotBrokerState State, IReadOnlyList<SlotBrokerState.Lease> Grants) Grant(SlotBrokerState state) => state.Grant(Start, () => $"lease-{++_leases}");
}
