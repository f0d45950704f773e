using ActorCluster.Processing.Tests.Serialization;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Tests.Videos;

public sealed class VideoStateTests
{
    private static readonly VideoKey Key = VideoHistory.Key;

    [Fact]
    public void Demand_NewVideo_IsNothing()
    {
        Assert.Equal((0, 0), VideoState.Empty.Demand);
        Assert.Null(VideoState.Empty.ProcessGrant("a", alone: false, at: 1));
    }

    [Fact]
    public void Demand_PlannedVideo_IsEveryUnit() => Assert.Equal((4, 0), new VideoHistory(3, sequential: false).State.Demand);

    [Fact]
    public void Demand_SequentialVideo_IsAudioAndOneUnitOfAllChunks() => Assert.Equal((2, 0), new VideoHistory(3, sequential: true).State.Demand);

    [Fact]
    public void Demand_SuspectAndFreeUnits_CountsBoth()
    {
        var history = new VideoHistory(2, sequential: false);
        Assert.Equal(0, history.Grant("a", alone: false)!.Index);
        history.Die("a");
        Assert.Equal((2, 1), history.State.Demand);
        history.Grant("b", alone: false);
        history.Grant("b", alone: false);
        Assert.Equal((0, 1), history.State.Demand);
    }

    [Fact]
    public void ProcessDeaths_ThreeDeathsTogetherWithOthers_NeverCount()
    {
        var history = new VideoHistory(1, sequential: false);
        for (var i = 0; i < 5; i++)
        {
            // Only a suspect of an earlier death runs alone, so a normal death needs a fresh unit: here its state is put back by hand.
            history.Happen(new ChunkStarted(i, 0, i + 1, "a", Alone: false));
            history.Happen(new ChunkSuspected(i, 0, "a"));
        }

        Assert.Equal(0, history.State.Unit(0).DeathsAlone);
        Assert.False(history.State.HasEnded);
    }

    [Fact]
    public void ProcessDeaths_ThirdDeathAlone_QuarantinesTheVideoByItsChunk()
    {
        var history = new VideoHistory(3, sequential: false);
        history.Grant("a", alone: false);
        history.Grant("a", alone: false);
        history.Die("a");
        while (history.Grant("a", alone: false) is { } free)
        {
            history.Store(free.Index, twice: false);
        }

        for (var deaths = 0; deaths < 3; deaths++)
        {
            Assert.False(history.State.HasEnded);
            Assert.Equal(0, history.Grant("b", alone: true)!.Index);
            history.Die("b");
        }

        var outcome = history.State.Outcome!;
        Assert.Equal(VideoPhase.Quarantined, history.State.Phase);
        Assert.Equal(("poison", false), (outcome.Stage, outcome.Completed));
        Assert.Contains("audio was alone in 3 processes", outcome.Cause, StringComparison.Ordinal);
        Assert.Equal(4, outcome.Attempts);
    }

    [Fact]
    public void ProcessDeaths_SuspectSucceedsAlone_IsNoSuspectAnyMore()
    {
        var history = new VideoHistory(1, sequential: false);
        history.Grant("a", alone: false);
        history.Die("a");
        history.Grant("b", alone: true);
        history.Store(0, twice: false);
        Assert.True(history.State.IsEncoded);
        Assert.False(history.State.Unit(0).Suspect);
    }

    [Fact]
    public void ProcessDeaths_SuspectReleasedWithoutDeath_StaysASuspect()
    {
        var history = new VideoHistory(1, sequential: false);
        history.Grant("a", alone: false);
        history.Die("a");
        history.Grant("b", alone: true);
        history.Release(0, stalled: false);
        Assert.Equal((0, 1), history.State.Demand);
    }

    [Fact]
    public void ProcessReleased_ThirdStall_QuarantinesTheVideo()
    {
        var history = new VideoHistory(1, sequential: false);
        for (var stalls = 0; stalls < VideoState.StallsAllowed; stalls++)
        {
            Assert.False(history.State.HasEnded);
            history.Grant("a", alone: false);
            history.Release(0, stalled: true);
        }

        Assert.Equal("progress", history.State.Outcome!.Stage);
        Assert.Contains("chunk 0 made no progress in 3 attempts", history.State.Outcome.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void ProcessReleased_HandedBackTwentyTimes_IsNeverChargedToTheVideo()
    {
        var history = new VideoHistory(1, sequential: false);
        for (var i = 0; i < 20; i++)
        {
            history.Grant("a", alone: false);
            history.Release(0, stalled: false);
        }

        Assert.Equal((1, 0), history.State.Demand);
    }

    [Fact]
    public void ChunksStarted_SequentialUnitInterruptedInItsMiddle_CountsTheInterruptedChunkTwice()
    {
        var history = new VideoHistory(3, sequential: true);
        Assert.Equal(0, history.Grant("a", alone: false)!.Index);
        history.Store(0, twice: false);
        Assert.Equal(1, history.Grant("a", alone: false)!.Index);
        history.Store(1, twice: false);
        history.Release(1, stalled: false);
        history.Grant("a", alone: false);
        history.Store(1, twice: false);
        history.Store(1, twice: false);
        var outcome = history.State.Summary(Key, 1);
        Assert.Equal((4, 5, 1, 0), (outcome.ChunksPlanned, outcome.ChunksStarted, outcome.ChunksRedone, outcome.ChunksReused));
    }

    [Fact]
    public void ProcessDeaths_SequentialUnitWhoseEveryProcessDiedBeforeItsReportButAfterStoring_IsNoPoison()
    {
        var history = new VideoHistory(8, sequential: true);
        history.Grant("a", alone: false);
        history.Store(0, twice: false);
        history.Grant("a", alone: false);
        history.Die("a");
        for (var life = 0; life < 6; life++)
        {
            Assert.Equal(1, history.Grant("b", alone: true)!.Index);
            history.Die("b");
            history.Find(1);
        }

        Assert.Equal((false, 0), (history.State.HasEnded, history.State.Unit(1).DeathsAlone));
    }

    [Fact]
    public void ChunksReused_EverythingFromAnEarlierRun_IsNothingStarted()
    {
        foreach (var sequential in (bool[])[false, true])
        {
            var history = new VideoHistory(2, sequential);
            foreach (var unit in history.Units)
            {
                Enumerable.Range(0, unit.Chunks).ToList().ForEach(_ => history.Find(unit.Index));
            }

            var outcome = history.State.Summary(Key, 1);
            Assert.True(history.State.IsEncoded);
            Assert.Equal((3, 0, 0, 3), (outcome.ChunksPlanned, outcome.ChunksStarted, outcome.ChunksRedone, outcome.ChunksReused));
        }
    }

    [Fact]
    public void Apply_ChunksLost_AsksForThemAgain()
    {
        var history = new VideoHistory(2, sequential: false);
        while (history.Grant("a", alone: false) is { } unit)
        {
            history.Store(unit.Index, twice: false);
        }

        history.Happen(new PublishIntended(1));
        history.Happen(new ChunksLost(2, [1], Audio: true, "damaged"));
        Assert.Equal((VideoPhase.Planned, 2), (history.State.Phase, history.State.Demand.Free));
        Assert.True(history.State.IsChunkEncoded(0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EndedVideo_AnythingThatComesLate_ChangesNothing(bool completed)
    {
        var history = new VideoHistory(2, sequential: false);
        var unit = history.Grant("a", alone: false)!.Index;
        var end = history.State.Summary(Key, 5) with { Completed = completed };
        history.Happen(completed ? new VideoPublished(5, end) : new VideoQuarantined(5, end));
        var ended = history.State;
        Assert.Null(ended.ProcessGrant("a", alone: false, 6));
        Assert.Empty(ended.ProcessStored(unit, 0, 1, audio: true, 1, reused: false, 6));
        Assert.Empty(ended.ProcessReleased(Key, unit, "late", stalled: true, 6));
        Assert.Empty(ended.ProcessDeaths(Key, _ => false, 6));
        Assert.Empty(ended.ProcessLost([0], audio: true, "late", 6));
        Assert.Equal((0, 0), ended.Demand);
        Assert.Null(WireShape.Difference(end, ended.Outcome));
    }

    [Fact]
    public void Summary_BeforeThePlan_HasNothingButTheFault()
    {
        var outcome = VideoState.Empty.Quarantine(Key, new Fault(true, "probe", "no video stream", "", ["tool says"]), at: 77).Outcome;
        Assert.Equal((3, 1, false, 0, 0.0, "probe", "no video stream", 0), (outcome.Index, outcome.Revision, outcome.Completed, outcome.ChunksPlanned, outcome.WallSeconds, outcome.Stage, outcome.Cause, outcome.Attempts));
        Assert.Equal("tool says", Assert.Single(outcome.ToolOutput));
    }

    [Fact]
    public void Summary_WallSeconds_AreFromTheFirstEventToTheGivenTime()
    {
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        var state = VideoState.Empty.Apply(new VideoPlanned(start, "p", "c", 1, 1, 1, false, 1, []));
        Assert.Equal(2.5, state.Summary(Key, start + (25 * TimeSpan.TicksPerSecond / 10)).WallSeconds);
    }
}
