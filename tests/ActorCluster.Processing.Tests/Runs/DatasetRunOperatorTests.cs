using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Tests.Serialization;
using CsCheck;
using static ActorCluster.Processing.Runs.RunEvents;

namespace ActorCluster.Processing.Tests.Runs;

/// <summary>What operators can do to a run, and what it answers when they cannot.</summary>
public sealed class DatasetRunOperatorTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private enum Deed
    {
        Pause,
        PauseItself,
        Resume,
        Cancel,
        Priority,
        Retry,
        Finish,
        Complete,
        Extend,
    }

    private readonly MessageSerializer _serializer = fixture.Serializer;

    [Fact]
    public void ProcessPause_Running_PausesByOperatorAndResumeEndsIt()
    {
        var paused = After(Started(2), s => s.ProcessPause(6));
        Assert.Equal((RunPhase.Paused, true, "paused by operator"), (paused.Phase, paused.PausedByOperator, paused.PausedReason));
        var resumed = After(paused, s => s.ProcessResume(7));
        Assert.Equal((RunPhase.Running, false, ""), (resumed.Phase, resumed.PausedByOperator, resumed.PausedReason));
    }

    [Fact]
    public void ProcessCancel_SomeEnded_CancelsTheOthersAndEndsTheRun()
    {
        var cancelled = After(Started(3).Apply(Finished(0, true)), s => s.ProcessCancel(9));
        Assert.Equal((RunPhase.Cancelled, 9L, true), (cancelled.Phase, cancelled.EndedAt, cancelled.IsCompleted));
        Assert.Equal((1, 0, 2, 0), (cancelled.Count(VideoStatus.Completed), cancelled.Count(VideoStatus.Quarantined), cancelled.Count(VideoStatus.Cancelled), cancelled.Count(VideoStatus.Pending)));
        Assert.Equal(new RunDigest(RunPhase.Cancelled, 1, 0, 2, 0, 5, 9), cancelled.Digest);
    }

    [Fact]
    public void ProcessPriority_Another_IsStoredAndTheSameIsNothing()
    {
        var urgent = After(Started(1), s => s.ProcessPriority(50, 6));
        Assert.Equal(50, urgent.Priority);
        Assert.Equal(RunDecision.Of(null), urgent.ProcessPriority(50, 7));
    }

    [Fact]
    public void ProcessRetry_EndedRun_OpensTheQuarantinedUnderTheirNextRevision()
    {
        var ended = Started(3).Apply(Finished(0, true)).Apply(Finished(1, false)).Apply(Finished(2, false)).Apply(new RunCompleted(7));
        var retried = After(ended, s => s.ProcessRetry([0, 2, 2, 99, -1], 8));
        Assert.Equal([VideoStatus.Completed, VideoStatus.Quarantined, VideoStatus.Pending], retried.Statuses.Select(s => (VideoStatus)s));
        Assert.Equal((RunPhase.Running, 1, 1, 2), (retried.Phase, retried.Revision(0), retried.Revision(1), retried.Revision(2)));
        var all = After(retried, s => s.ProcessRetry(null, 9));
        Assert.Equal([1, 2, 2], Enumerable.Range(0, 3).Select(all.Revision));
    }

    [Fact]
    public void ProcessDrive_FileChangesAfterARetry_IsNoticedAndGetsARevisionOfItsOwn()
    {
        var retried = After(Started(1).Apply(Finished(0, false)), s => s.ProcessRetry(null, 7));
        Assert.Equal(2, retried.Revision(0));
        var changed = Assert.IsType<RunExtended>(retried.ProcessDrive(DatasetRunStateTests.Spec(1, "m2"), [2], 8));
        Assert.Single(changed.Changed);
        Assert.Equal(3, retried.Apply(changed).Revision(0));
    }

    [Fact]
    public void ProcessRetry_AsOftenAsAByteCounts_IsTheEndOfIt()
    {
        var state = Started(1);
        for (var i = 0; i < DatasetRunState.MostRetries; i++)
        {
            state = After(state.Apply(Finished(0, false, state.Revision(0))), s => s.ProcessRetry(null, 7));
        }

        Assert.Contains("no quarantined video", state.Apply(Finished(0, false)).ProcessRetry(null, 8).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pause", "is cancelled; submit it again under another name", "has ended", "is paused already")]
    [InlineData("resume", "is cancelled; submit it again under another name", "has ended", null)]
    [InlineData("cancel", "is cancelled", "has ended", null)]
    [InlineData("priority", "is cancelled", "has ended", null)]
    [InlineData("quarantine", "is cancelled", "has ended", null)]
    [InlineData("retry", "is cancelled", "no quarantined video", "no quarantined video")]
    [InlineData("delete", null, null, "is paused; only one that has ended")]
    public void Process_WrongState_IsRefusedWithTheStateAndWhatIsPossible(string what, string? cancelled, string? ended, string? paused)
    {
        var running = Started(1);
        (DatasetRunState State, string? Refusal)[] cases =
        [
            (After(running, s => s.ProcessCancel(6)), cancelled),
            (running.Apply(Finished(0, true)).Apply(new RunCompleted(7)), ended),
            (After(running, s => s.ProcessPause(6)), paused),
        ];
        foreach (var (state, refusal) in cases)
        {
            var decision = Process(state, what);
            if (refusal is null)
            {
                Assert.Equal("", decision.Refusal);
            }
            else
            {
                Assert.Null(decision.Event);
                Assert.Contains(refusal, decision.Refusal, StringComparison.Ordinal);
            }
        }

        Assert.Equal("There is no such run.", Process(DatasetRunState.Empty, what).Refusal);
    }

    [Fact]
    public void ProcessPause_PausedItself_IsRefusedWithItsReason()
    {
        var refusal = Started(1).Apply(new RunPaused(6, "disk full")).ProcessPause(7).Refusal;
        Assert.Contains("has paused itself: disk full", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Conflict_CancelledRun_IsOneWhateverItIsSubmittedWith()
    {
        var conflict = After(Started(1), s => s.ProcessCancel(6)).Conflict(DatasetRunStateTests.Spec(1));
        Assert.Contains("is cancelled", conflict!.Cause, StringComparison.Ordinal);
        Assert.Contains("another name", conflict.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyDeeds_InAnyOrder_KeepTheCountsAndNothingRunsThatShouldNot() =>
        Gen.Select(Gen.Int[1, 6], Gen.Select(Gen.Enum<Deed>(), Gen.Int[0, 50]).Array[0, 40]).Sample((videos, deeds) =>
        {
            var state = Started(videos);
            foreach (var (deed, which) in deeds)
            {
                var before = state;
                state = Step(state, deed, which);
                Assert.Null(WireShape.Difference(state, Replayed(before, state)));
                Assert.Equal(state.Statuses.Length, Enum.GetValues<VideoStatus>().Sum(state.Count));
                Assert.Equal(state.Spec!.Videos, state.Statuses.Length);
                if (before.IsCancelled)
                {
                    Assert.Same(before, state); // Cancelled is for good.
                }

                if (state.IsCancelled || state.Phase == RunPhase.Ended)
                {
                    Assert.Equal(0, state.Count(VideoStatus.Pending));
                }

                // A revision never goes back, and a video that is done again never keeps the one under which it ended.
                Assert.All(Enumerable.Range(0, before.Statuses.Length), i => Assert.True(
                    state.Revision(i) > before.Revision(i) || (state.Revision(i) == before.Revision(i) && (before.Status(i) == VideoStatus.Pending || state.Status(i) != VideoStatus.Pending))));
            }
        });

    private static RunDecision Process(DatasetRunState state, string what) => what switch
    {
        "pause" => state.ProcessPause(8),
        "resume" => state.ProcessResume(8),
        "cancel" => state.ProcessCancel(8),
        "priority" => state.ProcessPriority(1, 8),
        "quarantine" => state.ProcessQuarantine(0),
        "retry" => state.ProcessRetry(null, 8),
        _ => state.ProcessDelete(),
    };

    /// <summary>What the actor does with each command, and what its videos and the catalogue may do.</summary>
    private static DatasetRunState Step(DatasetRunState state, Deed deed, int which)
    {
        var at = 10L + which;
        var index = which % state.Statuses.Length;
        object? happened = deed switch
        {
            Deed.Pause => state.ProcessPause(at).Event,
            Deed.PauseItself => state.Phase == RunPhase.Running ? new RunPaused(at, "disk full") : null,
            Deed.Resume => state.ProcessResume(at).Event,
            Deed.Cancel => which % 4 == 0 ? state.ProcessCancel(at).Event : null,
            Deed.Priority => state.ProcessPriority(which - 25, at).Event,
            Deed.Retry => state.ProcessRetry(which % 2 == 0 ? null : [index], at).Event,
            Deed.Finish => state.Status(index) == VideoStatus.Pending ? Finished(index, which % 3 == 0, state.Revision(index)) : null,
            Deed.Complete => !state.IsCompleted && state.Count(VideoStatus.Pending) == 0 ? new RunCompleted(at) : null,
            _ => Extend(state, which, at),
        };
        return happened is null ? state : state.Apply(happened);
    }

    private static object? Extend(DatasetRunState state, int which, long at)
    {
        var spec = DatasetRunStateTests.Spec(state.Statuses.Length + (which % 2), $"m{which}");
        return state.Conflict(spec) is null ? state.ProcessDrive(spec, [.. Enumerable.Repeat(1 + (which % 3), spec.Videos)], at) : null;
    }

    /// <summary>The state as its snapshot's bytes have it.</summary>
    private DatasetRunState Replayed(DatasetRunState before, DatasetRunState after) =>
        ReferenceEquals(before, after) ? after : (DatasetRunState)_serializer.FromBinary(_serializer.ToBinary(after), _serializer.Manifest(after));

    private static DatasetRunState After(DatasetRunState state, Func<DatasetRunState, RunDecision> process)
    {
        var decision = process(state);
        Assert.Equal("", decision.Refusal);
        return state.Apply(decision.Event!);
    }

    private static VideosFinished Finished(int index, bool completed, int revision = 1) => new(6, [DatasetRunStateTests.Outcome(index, completed, revision)]);

    private static DatasetRunState Started(int videos) => DatasetRunState.Empty.Apply(new RunStarted(5, DatasetRunStateTests.Spec(videos)));
}
