using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Tests.Serialization;
using ActorCluster.Processing.Videos;
using CsCheck;
using static ActorCluster.Processing.Runs.RunEvents;

namespace ActorCluster.Processing.Tests.Runs;

public sealed class DatasetRunStateTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private readonly MessageSerializer _serializer = fixture.Serializer;

    [Fact]
    public void ProcessDrive_NewRun_StartsWithEveryVideoPending()
    {
        var started = Assert.IsType<RunStarted>(DatasetRunState.Empty.ProcessDrive(Spec(3), [1, 1, 1], at: 5));
        var state = DatasetRunState.Empty.Apply(started);
        Assert.Equal((3, 5L, false, false), (state.Count(VideoStatus.Pending), state.StartedAt, state.IsCompleted, state.IsPaused));
    }

    [Fact]
    public void ProcessDrive_SameSpecificationAgain_IsNothing() => Assert.Null(Started(3).ProcessDrive(Spec(3), [1, 1, 1], at: 6));

    [Fact]
    public void ProcessDrive_GrownAndChanged_AddsTheNewAndReopensTheChanged()
    {
        var state = Started(2).Apply(Finished(0, completed: true)).Apply(Finished(1, completed: false)).Apply(new RunCompleted(7));
        var extended = Assert.IsType<RunExtended>(state.ProcessDrive(Spec(3, "m2"), [1, 2, 1], at: 8));
        Assert.Equal(new VideoRevision(1, 2), Assert.Single(extended.Changed));
        state = state.Apply(extended);
        Assert.Equal([VideoStatus.Completed, VideoStatus.Pending, VideoStatus.Pending], state.Statuses.Select(s => (VideoStatus)s));
        Assert.Equal([1, 2, 1], Enumerable.Range(0, 3).Select(state.Revision));
        Assert.False(state.IsCompleted);
    }

    [Fact]
    public void Apply_ExtendedByNothingToDo_StaysCompleted()
    {
        var state = Started(1).Apply(Finished(0, completed: true)).Apply(new RunCompleted(7));
        Assert.True(state.Apply(new RunExtended(8, Spec(1, "m2"), [])).IsCompleted);
    }

    [Fact]
    public void Apply_PausedAndResumed_KeepsTheReasonMeanwhile()
    {
        var paused = Started(1).Apply(new RunPaused(6, "disk full"));
        Assert.Equal((true, "disk full"), (paused.IsPaused, paused.PausedReason));
        Assert.False(paused.Apply(new RunResumed(7)).IsPaused);
    }

    [Fact]
    public void Apply_Finished_SumsCompletedVideosOnly()
    {
        var state = Started(3).Apply(Finished(2, completed: true, frames: 100, seconds: 4)).Apply(Finished(0, completed: false, frames: 50, seconds: 2));
        Assert.Equal((1, 1, 1, 100L, 4.0), (state.Count(VideoStatus.Completed), state.Count(VideoStatus.Quarantined), state.Count(VideoStatus.Pending), state.Frames, state.VideoSeconds));
    }

    [Fact]
    public void Apply_Finished_LeavesTheEarlierStateAsItWas()
    {
        var before = Started(1);
        before.Apply(Finished(0, completed: true));
        Assert.Equal(1, before.Count(VideoStatus.Pending));
    }

    [Fact]
    public void Apply_ForeignEvent_IsRefused() => Assert.Throws<ArgumentException>(() => DatasetRunState.Empty.Apply("event"));

    [Fact]
    public void AnyHistory_ReplayedThroughTheJournalsBytes_IsTheSameStateAndItsCountsAddUp() =>
        Gen.Select(Gen.Int[1, 8], Gen.Select(Gen.Int[0, 5], Gen.Int[0, 100], Gen.Bool).Array[0, 30]).Sample((videos, steps) =>
        {
            var live = Started(videos);
            var replayed = live;
            foreach (var (what, which, completed) in steps)
            {
                object happened = what switch
                {
                    0 => new RunPaused(which + 1, "why"),
                    1 => new RunResumed(which + 1),
                    2 => live.ProcessDrive(Spec(live.Statuses.Length + 1, $"m{which}{live.Statuses.Length}"), [.. Enumerable.Repeat(1 + (which % 3), live.Statuses.Length + 1)], which + 1)!,
                    _ => Finished(which % live.Statuses.Length, completed, which, which),
                };
                live = live.Apply(happened);
                replayed = Stored(replayed).Apply(Stored(happened));
                Assert.Equal(live.Spec!.Videos, Enum.GetValues<VideoStatus>().Sum(live.Count));
            }

            Assert.Null(WireShape.Difference(live, replayed));
        });

    internal static RunSpec Spec(int videos, string manifest = "m1") => new("demo", manifest, videos, "lite", "pipeline", "/folder", "encoder", Csv: true, Parquet: false, AudioHash: null, FusionHash: null);

    internal static VideoOutcome Outcome(int index, bool completed, int revision = 1, int frames = 10, double seconds = 1) =>
        (VideoOutcome)WireGen.Empty(typeof(VideoOutcome)) with { Index = index, Revision = revision, Completed = completed, Frames = frames, DurationSeconds = seconds };

    private static VideosFinished Finished(int index, bool completed, int frames = 10, double seconds = 1) => new(6, [Outcome(index, completed, 1, frames, seconds)]);

    private static DatasetRunState Started(int videos) => DatasetRunState.Empty.Apply(new RunStarted(5, Spec(videos)));

    private T Stored<T>(T value) where T : notnull => (T)_serializer.FromBinary(_serializer.ToBinary(value), _serializer.Manifest(value));
}
