using System.Diagnostics;
using ActorCluster.Operator;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Node;

/// <summary>A plain line every few seconds.</summary>
internal class PlainOutput : ConsoleOutput
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly ProgressMeter _meter = new();
    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();

    /// <summary>Where the lines go.</summary>
    protected virtual TextWriter Out => Console.Out;

    /// <summary>Writes one line.</summary>
    protected virtual void Line(string text) => Out.WriteLine(text);

    public override void Note(params IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Line(line);
        }
    }

    public override void Progress(RunQueries.RunProgress progress)
    {
        _meter.Look(progress);
        if (_sinceLine.Elapsed >= Every)
        {
            _sinceLine.Restart();
            Line(RunWords.Progress(progress, _meter));
        }
    }

    public override void Stopping(RunQueries.RunProgress progress, bool interrupted)
    {
        if (interrupted && !progress.IsCompleted)
        {
            Line("Stopping; a second Ctrl-C stops at once.");
        }
    }

    public override void Leave(RunQueries.RunProgress progress, string state, int exitCode, IEnumerable<string> lines) => Note(lines);

    public override void End(RunSummary summary, RunDirectory folder, int exitCode) => Note(RunWords.End(summary, folder));
}
