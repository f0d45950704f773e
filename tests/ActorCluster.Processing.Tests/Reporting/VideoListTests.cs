using System.Diagnostics;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Tests.Runs;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Runs.RunEvents;

namespace ActorCluster.Processing.Tests.Reporting;

public sealed class VideoListTests : IDisposable
{
    private static readonly VideoOutcome Blank = DatasetRunStateTests.Outcome(0, completed: true);
    private readonly TempData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Page_EveryState_IsToldWithWhatBelongsToIt()
    {
        var view = View(6, Ended(0, true), Ended(1, false, "probe", "No video stream."), Ended(2, false, "decode", "Broken."), new VideosRetried(7, [2]));
        RunQueries.VideoProgress[] flying = [new(3, "v3", 40, 100, 4, "encode", TimeSpan.FromSeconds(10).Ticks), new(0, "v0", 1, 1, 1, "late", 5)];
        var rows = VideoList.Page(view, flying, new VideoQuery("demo"), TimeSpan.FromSeconds(70).Ticks).Rows;
        Assert.Equal(
            [RunVideoState.Completed, RunVideoState.Quarantined, RunVideoState.Waiting, RunVideoState.Processing, RunVideoState.Waiting, RunVideoState.Waiting], rows.Select(r => r.State));
        Assert.Equal(("v1", "probe", "No video stream.", 3), (rows[1].Id, rows[1].Stage, rows[1].Cause, rows[1].Attempts));
        Assert.Equal(("", "", 0), (rows[2].Stage, rows[2].Cause, rows[2].Attempts)); // What was before the retry is no more.
        Assert.Equal(("encode", 40, 100, 60.0), (rows[3].Stage, rows[3].FramesDone, rows[3].Frames, rows[3].WallSeconds));
    }

    [Theory]
    [InlineData(null, "STREAM", false, 0, 10, 2, "1 4")]
    [InlineData(null, "probe", false, 1, 10, 2, "4")]
    [InlineData(RunVideoState.Quarantined, null, false, 0, 2, 3, "1 3")]
    [InlineData(RunVideoState.Completed, null, true, 0, 10, 3, "5 2 0")]
    [InlineData(RunVideoState.Completed, "stream", false, 0, 10, 0, "")]
    [InlineData(null, null, false, 4, 1, 6, "4")]
    [InlineData(null, null, false, 40, 1, 6, "")]
    public void Page_Asked_FiltersOrdersAndCuts(RunVideoState? state, string? cause, bool slowest, int skip, int take, int matches, string rows)
    {
        var view = View(6, Ended(0, true), Ended(1, false, "probe", "No video stream."), Ended(2, true), Ended(3, false, "decode", "Broken."), Ended(4, false, "probe", "No stream"), Ended(5, true));
        var page = VideoList.Page(view, [], new VideoQuery("demo", state, cause, Sort: slowest ? VideoSort.WallSeconds : VideoSort.Index, Descending: slowest, Skip: skip, Take: take), 0);
        Assert.Equal((matches, rows), (page.Matches, string.Join(' ', page.Rows.Select(r => r.Index))));
    }

    [Theory]
    [InlineData("STREAM", "1 4")]
    [InlineData("decode", "3")]
    [InlineData("V2", "2")]
    [InlineData("v", "0 1 2 3 4 5")]
    [InlineData("%", "")]
    public void Page_ByText_FindsIdsAndCauses(string text, string rows)
    {
        var view = View(6, Ended(0, true), Ended(1, false, "probe", "No video stream."), Ended(2, true), Ended(3, false, "decode", "Broken."), Ended(4, false, "probe", "No stream"), Ended(5, true));
        Assert.Equal(rows, string.Join(' ', VideoList.Page(view, [], new VideoQuery("demo", Text: text), 0).Rows.Select(r => r.Index)));
    }

    [Theory]
    [InlineData(VideoSort.Index, "0 1 2 3 4", "4 3 2 1 0")]
    [InlineData(VideoSort.Id, "0 1 2 3 4", "4 3 2 1 0")]
    [InlineData(VideoSort.State, "4 3 1 2 0", "0 1 2 3 4")]
    [InlineData(VideoSort.Frames, "4 0 1 2 3", "3 0 1 2 4")]
    [InlineData(VideoSort.Seconds, "4 0 1 2 3", "3 0 1 2 4")]
    [InlineData(VideoSort.WallSeconds, "0 4 1 2 3", "3 2 1 0 4")]
    [InlineData(VideoSort.Attempts, "3 4 0 1 2", "0 1 2 3 4")]
    public void Page_Sorted_IsInThatOrderAndOtherwiseInTheManifests(VideoSort sort, string ascending, string descending)
    {
        var view = View(5, Ended(0, false, "probe", "Broken."), Ended(1, true), Ended(2, true));
        RunQueries.VideoProgress[] flying = [new(3, "v3", 40, 100, 4, "encode", TimeSpan.FromSeconds(10).Ticks), new(0, "v0", 1, 1000, 1000, "late", 5)];
        string Rows(bool isDescending) => string.Join(' ', VideoList.Page(view, flying, new VideoQuery("demo", Sort: sort, Descending: isDescending), TimeSpan.FromSeconds(70).Ticks).Rows.Select(r => r.Index));

        Assert.Equal((ascending, descending), (Rows(false), Rows(true)));
    }

    [Fact]
    public void Page_AHundredThousandVideos_IsQuickAndNoLargerThanAllowed()
    {
        const int videos = 100_000;
        var view = View(videos, [.. Enumerable.Range(0, videos / 20).Select(b => new VideosFinished(6, [.. Enumerable.Range(20 * b, 20).Select(i => Outcome(i, i % 7 != 0, "decode", $"Broken {i % 5}"))]))]);
        var query = new VideoQuery("demo", RunVideoState.Quarantined, "broken 3", Sort: VideoSort.WallSeconds, Descending: true, Skip: 10, Take: 100_000);
        var page = VideoList.Page(view, [], query, 0);
        Assert.Equal((Enumerable.Range(0, videos).Count(i => i % 7 == 0 && i % 5 == 3), VideoQuery.MostRows), (page.Matches, page.Rows.Length));

        // Some hundredths. The quickest of several: a busy machine may let one of them wait.
        var seconds = Enumerable.Range(0, 5).Min(_ =>
        {
            var clock = Stopwatch.StartNew();
            VideoList.Page(view, [], query, 0);
            return clock.Elapsed.TotalSeconds;
        });
        Assert.InRange(seconds, 0, 2);
        Assert.Equal(videos / 5 / 7, VideoList.Quarantined(view, "broken 3").Length, 1.0);
    }

    private static VideosFinished Ended(int index, bool completed, string stage = "", string cause = "") => new(6, [Outcome(index, completed, stage, cause)]);

    private static VideoOutcome Outcome(int index, bool completed, string stage, string cause) => Blank with
    {
        Index = index, Completed = completed, WallSeconds = index, Stage = completed ? "" : stage, Cause = completed ? "" : cause, Attempts = 3,
    };

    private RunView View(int videos, params object[] events)
    {
        var (view, sequence) = (new RunView(), 0L);
        foreach (var happened in events.Prepend(new RunStarted(5, DatasetRunStateTests.Spec(videos))))
        {
            view.Take(happened, ++sequence);
        }

        var folder = _data.Data.Run("demo");
        FrozenManifest.Write(folder.Manifest, Enumerable.Range(0, videos).Select(i => new FrozenManifest.Line($"v{i}", $"/v/{i}.mp4", null, null, 1, 1, 1, true, false)));
        view.Refresh(folder.Manifest);
        Assert.Equal(sequence, view.SequenceNr);
        return view;
    }
}
