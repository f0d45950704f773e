using ActorCluster.Processing.Inference;

namespace ActorCluster.Processing.Control;

/// <summary>A unit of work that this process is at, for those who look.</summary>
/// <param name="Run">The run.</param>
/// <param name="Video">The video's id, or the trial in words.</param>
/// <param name="What">What of it, in words.</param>
/// <param name="BeganAt">When it began, on <see cref="Environment.TickCount64"/>.</param>
/// <param name="Progress">How far it is.</param>
internal sealed record UnitInWork(string Run, string Video, string What, long BeganAt, UnitProgress Progress)
{
    /// <summary>As it is now.</summary>
    public UnitReport Report()
    {
        var now = Environment.TickCount64;
        return new UnitReport(
            Run,
            UnitReport.Shortened(Video),
            What,
            Progress.Stage,
            Progress.Frames,
            (now - BeganAt) / 1000.0,
            Math.Max(0, now - Math.Max(Progress.SteppedAt, BeganAt)) / 1000.0,
            Progress.StoreWaiting);
    }
}
