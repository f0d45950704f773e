using ActorCluster.Processing.Control;

namespace ActorCluster.Processing.Runs;

/// <summary>Measures a run's pace from what its videos report. Soft: a run that has moved to another node begins to measure anew.</summary>
internal sealed class RunTracker(TimeProvider clock)
{
    /// <summary>The length of a block: long enough for some progress of every node.</summary>
    public const double BlockSeconds = 10;

    private const int MostBlocks = 30;
    private const int MostSlowest = 5;

    private readonly long _origin = clock.GetTimestamp();
    private readonly Dictionary<int, Video> _videos = [];
    private readonly Queue<double> _rates = [];
    private double? _blockBegan;
    private double _credited;
    private int _durations;
    private double _sum;
    private double _sumOfSquares;

    private double Now => clock.GetElapsedTime(_origin).TotalSeconds;

    /// <summary>A video is in flight from now on.</summary>
    public void Began(int index) => _videos.TryAdd(index, new Video(Now));

    /// <summary>A video reports. What it brings along from before this measurement is not counted as done now.</summary>
    public void Progressed(RunQueries.VideoProgress progress)
    {
        Began(progress.Index);
        var video = _videos[progress.Index];
        if (progress.Frames > 0 && video.Seconds == 0)
        {
            Measured(progress.Seconds);
            (video.Seconds, video.Credited) = (progress.Seconds, progress.Seconds * progress.FramesDone / progress.Frames);
        }

        if (progress.FramesDone > video.FramesDone || progress.Stage != video.Stage)
        {
            video.AdvancedAt = Now;
        }

        (video.FramesDone, video.Stage) = (Math.Max(video.FramesDone, progress.FramesDone), progress.Stage);
        Credit(video, progress.Frames > 0 ? progress.Seconds * video.FramesDone / progress.Frames : 0);
    }

    /// <summary>A video has ended.</summary>
    /// <param name="index">Which.</param>
    /// <param name="completed">Whether it was completed.</param>
    /// <param name="seconds">Its duration.</param>
    public void Ended(int index, bool completed, double seconds)
    {
        if (_videos.Remove(index, out var video) && completed)
        {
            if (video.Seconds == 0)
            {
                Measured(seconds);
            }

            Credit(video, seconds);
        }
    }

    /// <summary>Some time has passed.</summary>
    /// <param name="isWorking">Whether the run is at work; one that is not measures anew when it is again.</param>
    public void Tick(bool isWorking)
    {
        if (!isWorking)
        {
            _videos.Clear();
            _rates.Clear();
        }

        if (_videos.Count == 0)
        {
            _blockBegan = null;
            return;
        }

        if (_blockBegan is not { } began)
        {
            (_blockBegan, _credited) = (Now, 0);
        }
        else if (Now - began >= BlockSeconds)
        {
            _rates.Enqueue(_credited / (Now - began));
            (_blockBegan, _credited) = (Now, 0);
            if (_rates.Count > MostBlocks)
            {
                _rates.Dequeue();
            }
        }
    }

    /// <summary>What is known now.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="inFlight">Its videos in flight.</param>
    /// <param name="completed">Completed videos.</param>
    /// <param name="completedSeconds">Their duration in seconds.</param>
    /// <param name="pending">Videos that have not ended, those in flight included.</param>
    public RunPace Report(string run, IReadOnlyCollection<RunQueries.VideoProgress> inFlight, int completed, double completedSeconds, int pending)
    {
        var planned = inFlight.Where(v => v.Frames > 0).ToList();
        var (known, unknown) = (completed + planned.Count, Math.Max(0, pending - planned.Count));
        var mean = known == 0 ? 0 : (completedSeconds + planned.Sum(v => v.Seconds)) / known;
        var variance = _durations < 3 ? mean * mean : Math.Max(0, (_sumOfSquares / _durations) - Math.Pow(_sum / _durations, 2));
        return new RunPace(
            run,
            BlockSeconds,
            [.. _rates],
            known,
            planned.Sum(v => v.Seconds * (v.Frames - v.FramesDone) / v.Frames) + (unknown * mean),
            known == 0 ? 0 : Math.Sqrt(variance * (unknown + ((double)unknown * unknown / known))),
            [.. inFlight.GroupBy(v => v.Stage).Select(g => new StageCount(g.Key, g.Count())).OrderByDescending(s => s.Videos).ThenBy(s => s.Stage, StringComparer.Ordinal)],
            [.. inFlight.Select(Pace).OfType<VideoPace>().OrderBy(v => WaitingStages.Has(v.Stage)).ThenByDescending(v => v.StillSeconds).Take(MostSlowest)]);
    }

    private VideoPace? Pace(RunQueries.VideoProgress progress) => _videos.TryGetValue(progress.Index, out var video)
        ? new VideoPace(
            UnitReport.Shortened(progress.Id), progress.Stage, progress.FramesDone, progress.Frames, Now - video.BeganAt, Now - video.AdvancedAt)
        : null;

    private void Credit(Video video, double seconds)
    {
        _credited += Math.Max(0, seconds - video.Credited);
        video.Credited = Math.Max(video.Credited, seconds);
    }

    private void Measured(double seconds)
    {
        _durations++;
        _sum += seconds;
        _sumOfSquares += seconds * seconds;
    }

    private sealed class Video(double now)
    {
        public double BeganAt { get; } = now;

        public double AdvancedAt { get; set; } = now;

        public string Stage { get; set; } = "";

        public int FramesDone { get; set; }

        public double Seconds { get; set; }

        public double Credited { get; set; }
    }
}
