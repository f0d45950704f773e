using System.Diagnostics;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator;

/// <summary>Speed and remaining time from successive looks at a run.</summary>
public sealed class ProgressMeter
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private (double At, double Frames)? _first;

    /// <summary>Frames done, of ended and running videos.</summary>
    public double Frames { get; private set; }

    /// <summary>Frames per second since work began; 0 before.</summary>
    public double FramesPerSecond { get; private set; }

    /// <summary>Seconds of video that are left, as far as known videos tell.</summary>
    public double VideoSecondsLeft { get; private set; }

    /// <summary>The time that is left at the present speed; null while nothing is known.</summary>
    public TimeSpan? Left { get; private set; }

    /// <summary>Takes a look.</summary>
    public void Look(RunQueries.RunProgress progress)
    {
        var now = _clock.Elapsed.TotalSeconds;
        Frames = progress.Frames + progress.InFlight.Sum(v => (double)v.FramesDone);
        var known = progress.InFlight.Where(v => v.Frames > 0).ToList();
        var secondsDone = progress.VideoSeconds + known.Sum(v => v.Seconds * v.FramesDone / v.Frames);
        if (_first is null && Frames > 0)
        {
            _first = (now, Frames);
        }

        var ended = progress.Completed + progress.Quarantined + progress.Cancelled;
        var unknown = progress.Registered - ended - known.Count;
        var average = progress.Completed + known.Count == 0 ? 0 : (progress.VideoSeconds + known.Sum(v => v.Seconds)) / (progress.Completed + known.Count);
        VideoSecondsLeft = known.Sum(v => v.Seconds * (v.Frames - v.FramesDone) / v.Frames) + (unknown * average);
        if (_first is { } first && now - first.At > 1 && Frames > first.Frames)
        {
            FramesPerSecond = (Frames - first.Frames) / (now - first.At);
            var framesPerVideoSecond = secondsDone > 0 ? Frames / secondsDone : 0;
            Left = framesPerVideoSecond > 0 ? TimeSpan.FromSeconds(Math.Min(VideoSecondsLeft * framesPerVideoSecond / FramesPerSecond, 1e8)) : null;
        }
    }

    /// <summary>A duration in words: <c>42 s</c>, <c>3 min</c>, <c>2.5 h</c>.</summary>
    public static string Words(double seconds) => DurationText.Words(seconds);
}
