using ActorCluster.Operator;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorCluster.Node;

/// <summary>Live bars: the run as a whole, and each video in flight.</summary>
internal sealed class TerminalOutput : PlainOutput
{
    private const int BarWidth = 28;
    private readonly ProgressMeter _meter = new();
    private int _drawn;

    protected override void Line(string text)
    {
        Erase();
        Console.Out.WriteLine(text);
    }

    public override void Progress(RunQueries.RunProgress progress)
    {
        _meter.Look(progress);
        var lines = Draw(progress).ToList();
        Erase();
        foreach (var line in lines)
        {
            AnsiConsole.MarkupLine(line);
        }

        _drawn = lines.Count;
    }

    public override void Stopping(RunQueries.RunProgress progress, bool interrupted)
    {
        Erase();
        base.Stopping(progress, interrupted);
    }

    private IEnumerable<string> Draw(RunQueries.RunProgress progress)
    {
        var width = Math.Max(20, Console.WindowWidth - 1);
        var room = Math.Max(1, Math.Min(8, Console.WindowHeight - 4));
        foreach (var video in progress.InFlight.Take(room))
        {
            var share = video.Frames == 0 ? 0 : (double)video.FramesDone / video.Frames;
            yield return $"{Bar(share)} {share,4:P0} {Markup.Escape(Fit($"{RunWords.OneLine(video.Id)}  {video.Stage}", width - BarWidth - 7))}";
        }

        var parts = progress.InFlight.Sum(v => v.Frames == 0 ? 0 : (double)v.FramesDone / v.Frames);
        var done = progress.Registered == 0 ? 0 : Math.Min(1, (RunWords.Ended(progress) + parts) / progress.Registered);
        yield return $"[bold]{Bar(done)} {done,4:P0}[/] {Markup.Escape(Fit(RunWords.OneGlance(progress, _meter), width - BarWidth - 7))}";
    }

    private static string Bar(double share)
    {
        var filled = (int)(Math.Clamp(share, 0, 1) * BarWidth);
        return $"[green]{new string('█', filled)}[/][grey]{new string('░', BarWidth - filled)}[/]";
    }

    private static string Fit(string text, int width) => text.Length <= width ? text : width > 1 ? text[..(width - 1)] + "…" : "";

    private void Erase()
    {
        for (; _drawn > 0; _drawn--)
        {
            Console.Out.Write("\u001b[1A\u001b[2K"); // One line up, and clear it.
        }
    }
}
