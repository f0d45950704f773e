using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Tests.Decoding;

namespace ActorCluster.Processing.Tests.Runs;

public sealed class RunTrackerTests
{
    private readonly ManualClock _clock = new();
    private readonly RunTracker _tracker;

    public RunTrackerTests() => _tracker = new RunTracker(_clock);

    [Fact]
    public void Report_SteadyWork_GivesItsRate()
    {
        _tracker.Began(0);
        _tracker.Progressed(Video(0, 0, 100, 1000, "decode"));
        for (var second = 1; second <= 45; second++)
        {
            _tracker.Tick(isWorking: true);
            _clock.Advance(1);
            _tracker.Progressed(Video(0, 2 * second, 100, 1000, "decode"));
        }

        var pace = Report([Video(0, 90, 100, 1000, "decode")]);
        Assert.Equal(4, pace.Rates.Length);
        Assert.All(pace.Rates, r => Assert.Equal(20, r, 0.1)); // 2 of 100 frames of 1,000 s, each second.
        Assert.Equal(100, pace.SecondsLeft, 0.1);
    }

    [Fact]
    public void Report_VideoBringsAlongWhatWasDoneBefore_DoesNotCountIt()
    {
        _tracker.Began(0);
        _tracker.Tick(isWorking: true);
        _tracker.Progressed(Video(0, 80, 100, 1000, "decode"));
        _clock.Advance(10);
        _tracker.Progressed(Video(0, 81, 100, 1000, "decode"));
        _tracker.Tick(isWorking: true);
        Assert.Equal(1, Assert.Single(Report([]).Rates), 0.01);
    }

    [Fact]
    public void Report_VideoEndsWithoutAReport_CountsInFull()
    {
        _tracker.Began(0);
        _tracker.Began(1);
        _tracker.Began(2);
        _tracker.Tick(isWorking: true);
        _tracker.Ended(0, completed: true, 30);
        _tracker.Ended(1, completed: false, 500);
        _clock.Advance(10);
        _tracker.Tick(isWorking: true);
        Assert.Equal(3, Assert.Single(Report([]).Rates), 0.01);
    }

    [Fact]
    public void Report_VideoFallsBackAndComesAgain_CountsItOnce()
    {
        _tracker.Began(0);
        _tracker.Progressed(Video(0, 0, 100, 1000, "decode"));
        _tracker.Tick(isWorking: true);
        foreach (var frames in (int[])[50, 10, 50, 60])
        {
            _tracker.Progressed(Video(0, frames, 100, 1000, "decode"));
        }

        _clock.Advance(10);
        _tracker.Tick(isWorking: true);
        Assert.Equal(60, Assert.Single(Report([]).Rates), 0.01);
    }

    [Fact]
    public void Report_NothingInFlight_HasNoBlocks()
    {
        for (var i = 0; i < 40; i++)
        {
            _tracker.Tick(isWorking: true);
            _clock.Advance(1);
        }

        Assert.Empty(Report([]).Rates);
    }

    [Fact]
    public void Tick_RunIsPaused_MeasuresAnew()
    {
        Report_SteadyWork_GivesItsRate();
        _tracker.Tick(isWorking: false);
        Assert.Empty(Report([]).Rates);
    }

    [Fact]
    public void Report_VideosOfUnknownDuration_CountAsTheAverageWithItsError()
    {
        double[] seconds = [80, 100, 120, 100];
        for (var i = 0; i < seconds.Length; i++)
        {
            _tracker.Began(i);
            _tracker.Ended(i, completed: true, seconds[i]);
        }

        var pace = _tracker.Report("demo", [], completed: 4, completedSeconds: 400, pending: 9);
        Assert.Equal((4, 900), (pace.KnownVideos, pace.SecondsLeft));
        Assert.Equal(Math.Sqrt(200 * (9 + (81 / 4.0))), pace.SecondsLeftError, 0.01);
    }

    [Fact]
    public void Report_ManyVideosWait_NamesTheOneThatIsWorkedOnFirst()
    {
        for (var index = 0; index < 9; index++)
        {
            _tracker.Progressed(Video(index, 0, 100, 10, "waiting for a slot"));
        }

        _clock.Advance(20);
        _tracker.Progressed(Video(9, 5, 100, 10, "decode"));
        var pace = Report([.. Enumerable.Range(0, 9).Select(index => Video(index, 0, 100, 10, "waiting for a slot")), Video(9, 5, 100, 10, "decode")]);
        Assert.Equal("v9", pace.Slowest[0].Id);
    }

    [Fact]
    public void Report_VideosInFlight_NamesTheOnesThatStoodStillLongest()
    {
        _tracker.Began(0);
        _tracker.Began(1);
        _clock.Advance(20);
        _tracker.Progressed(Video(1, 5, 100, 10, "decode"));
        _clock.Advance(5);
        var pace = Report([Video(0, 0, 0, 0, "probe"), Video(1, 5, 100, 10, "decode")]);
        Assert.Equal([("v0", 25.0, 25.0), ("v1", 25.0, 5.0)], pace.Slowest.Select(v => (v.Id, Math.Round(v.Seconds, 3), Math.Round(v.StillSeconds, 3))));
        Assert.Equal([new StageCount("decode", 1), new StageCount("probe", 1)], pace.Stages.AsEnumerable());
    }

    private static RunQueries.VideoProgress Video(int index, int done, int frames, double seconds, string stage) => new(index, $"v{index}", done, frames, seconds, stage);

    private RunPace Report(IReadOnlyCollection<RunQueries.VideoProgress> inFlight) => _tracker.Report("demo", inFlight, 0, 0, inFlight.Count);
}
