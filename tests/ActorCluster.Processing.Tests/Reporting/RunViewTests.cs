using System.Collections.Immutable;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Tests.Runs;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Runs.RunEvents;

namespace ActorCluster.Processing.Tests.Reporting;

public sealed class RunViewTests
{
    private static readonly IReadOnlyList<FrozenManifest.Line> Manifest = [.. Enumerable.Range(0, 10).Select(i => new FrozenManifest.Line($"v{i}", $"/v/{i}.mp4", null, null, 1, 1, 1, true, false))];

    [Fact]
    public void Totals_VideosThatEnd_AreSummedUp()
    {
        var totals = View(Completed(0, 10, 4), Completed(1, 20, 5), Quarantined(2, "probe", "No stream."), Quarantined(3, "decode", "Broken."), Quarantined(4, "decode", "Broken.")).Totals;

        Assert.Equal((30L, 9L, 3.0), (totals.Frames, totals.FaceFrames, totals.VideoSeconds));
        Assert.Equal([28, 0, 0, 0, 0, 0, 0, 2], totals.Labels.Select(c => (int)c));
        Assert.Equal([new CauseCount("decode", "Broken.", 2), new CauseCount("probe", "No stream.", 1)], totals.Causes.AsEnumerable());
    }

    [Fact]
    public void Totals_VideosDoneAnew_CountAsTheyEndedLast()
    {
        var spec = DatasetRunStateTests.Spec(10, "m2");
        var view = View(
            Completed(0, 10, 4), Quarantined(1, "probe", "No stream."), Quarantined(2, "probe", "No stream."),
            new VideosRetried(7, [1]), new RunExtended(8, spec, [new VideoRevision(0, 2)]));

        Assert.Equal((0L, 0L, 0.0), (view.Totals.Frames, view.Totals.FaceFrames, view.Totals.VideoSeconds));
        Assert.All(view.Totals.Labels, count => Assert.Equal(0, count));
        Assert.Equal([new CauseCount("probe", "No stream.", 1)], view.Totals.Causes.AsEnumerable());
        Assert.Null(view.OutcomeOf(0));
        Assert.Null(view.OutcomeOf(1));

        view.Take(Completed(0, 30, 8), 20);
        view.Take(Completed(1, 5, 5), 21);
        Assert.Equal((35L, 13L), (view.Totals.Frames, view.Totals.FaceFrames));
    }

    [Fact]
    public void Totals_ManyCauses_AreTheMostFrequent()
    {
        var causes = View([.. Enumerable.Range(0, 1_000).Select(i => Quarantined(i, "decode", $"Broken {Math.Min(i, 900)}."))], 1_000).Totals.Causes;

        Assert.Equal((RunTotals.MostCauses, new CauseCount("decode", "Broken 900.", 100)), (causes.Length, causes[0]));
    }

    [Fact]
    public void Since_EverythingOfARun_IsToldInOrder()
    {
        var view = View(
            Completed(0, 10, 4), Quarantined(1, "probe", "No stream."), new RunPaused(6, "The disk is full."), new RunResumed(7), new RunPaused(8, "paused by operator", ByOperator: true), new RunPriorityChanged(8, 3),
            new VideosRetried(9, [1]), new RunExtended(10, DatasetRunStateTests.Spec(10, "m2"), []), new RunCancelled(11), new RunCompleted(12));

        var told = view.Since(0);

        Assert.Equal(
            [
                "started", "v0 completed", "v1 quarantined: probe: No stream.", "paused: The disk is full.", "resumed", "paused by operator", "1 video to be tried again",
                "extended to 10 videos, 0 to be done again", "cancelled", "ended",
            ],
            told.New.Select(h => $"{h.Video} {h.What}".Trim()));
        Assert.Equal((10L, 0L), (told.Count, told.LeftOut));
        Assert.Equal(["cancelled", "ended"], view.Since(8).New.Select(h => h.What));
        Assert.Empty(view.Since(10).New);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(11L)] // Of a run of the same name that was removed since.
    public void Since_NowOn_TellsOnlyHowMuchThereIs(long? after)
    {
        var told = View(Completed(0, 10, 4)).Since(after);

        Assert.Equal((2L, 0L, 0), (told.Count, told.LeftOut, told.New.Length));
    }

    [Fact]
    public void Since_MoreThanIsKept_TellsHowMuchIsLeftOut()
    {
        var view = View([.. Enumerable.Range(0, 1_000).Select(i => Completed(i, 1, 1))], 1_000);

        var told = view.Since(5);

        Assert.Equal((1_001L, 1_001L - 5 - RunHappenings.Most, RunHappenings.Most), (told.Count, told.LeftOut, told.New.Length));
    }

    private static VideosFinished Completed(int index, int frames, int faces) => new(6, [Blank(index, true) with { Frames = frames, FaceFrames = faces, DurationSeconds = frames / 10.0, LabelTotals = [frames - 1, 0, 0, 0, 0, 0, 0, 1] }]);

    private static VideosFinished Quarantined(int index, string stage, string cause) => new(6, [Blank(index, false) with { Stage = stage, Cause = cause, LabelTotals = [] }]);

    private static VideoOutcome Blank(int index, bool completed) => DatasetRunStateTests.Outcome(index, completed);

    private static RunView View(params object[] events) => View([.. events], 10);

    private static RunView View(ImmutableArray<object> events, int videos)
    {
        var (view, sequence) = (new RunView(), 0L);
        foreach (var happened in events.Prepend(new RunStarted(5, DatasetRunStateTests.Spec(videos))))
        {
            view.Take(happened, ++sequence);
        }

        if (videos == Manifest.Count)
        {
            using var data = new TempData();
            FrozenManifest.Write(data.Data.Run("demo").Manifest, Manifest);
            view.Refresh(data.Data.Run("demo").Manifest);
        }

        return view;
    }
}
