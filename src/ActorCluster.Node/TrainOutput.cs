using System.Diagnostics;
using ActorCluster.Operator;
using ActorCluster.Processing.Trials;
using ActorCluster.Training;
using Spectre.Console;

namespace ActorCluster.Node;

/// <summary>What a person sees of a training, an evaluation or an ablation: a bar for what is at work on a terminal, a line per epoch everywhere.</summary>
internal sealed class TrainOutput : IDisposable
{
    private const int BarWidth = 28;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
    private readonly bool _live = !Console.IsOutputRedirected;
    private readonly Stopwatch _sinceDrawn = Stopwatch.StartNew();
    private bool _drawn;

    /// <summary>Lines to read.</summary>
    public void Note(IEnumerable<string> lines)
    {
        Erase();
        foreach (var line in lines)
        {
            Console.Out.WriteLine(line);
        }
    }

    /// <summary>How far the export is.</summary>
    public void Exporting(int done, int all) => Draw((double)done / all, $"features of {done} of {all} videos aligned to frames", done == all);

    /// <summary>How far the evaluation is.</summary>
    public void Evaluating(int done, int all) => Draw((double)done / all, $"pass {done} of {all} over a video", done == all);

    /// <summary>How far the ablation is: ended trials, and those at work by epoch.</summary>
    public void Ablating(AblationState state)
    {
        var share = state.Trials.Average(t => t.Phase == TrialPhase.Ended ? 1 : Math.Max(0, t.Epoch - 1.0) / t.Epochs);
        var running = state.Trials.Where(t => t.Phase == TrialPhase.Running).Select(t => $"{t.Name}: {t.Stage}{(t.Epoch > 0 ? $", epoch {t.Epoch}" : "")}");
        Draw(share, string.Join("; ", running), false);
    }

    /// <summary>How far the training is.</summary>
    public void Training(TrainingProgress p)
    {
        if (p.Finished is { } e)
        {
            var v = e.Validation;
            Note([$"epoch {e.Epoch,3}  train loss {e.TrainLoss:F4}  validation loss {v.Loss:F4}  macro F1 {v.WindowF1:F4} by window, {v.VotedF1:F4} voted, {v.SmoothedF1:F4} smoothed{(e.Best ? " (best)" : "")}  {e.WindowsPerSecond:F1} windows/s  {ProgressMeter.Words(e.Seconds)}"]);
        }
        else if (p.ValidationVideos is { } videos)
        {
            Draw(1, $"epoch {p.Epoch} of {p.Epochs}  validating, {videos} videos done", false);
        }
        else
        {
            var left = p.WindowsPerSecond > 0 ? $"  {p.WindowsPerSecond:F1} windows/s" : "";
            Draw((double)p.Step / p.Steps, $"epoch {p.Epoch} of {p.Epochs}  step {p.Step} of {p.Steps}  loss {p.Loss:F4}{left}", false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Erase();

    private void Draw(double share, string text, bool now)
    {
        if (!_live || (_sinceDrawn.Elapsed < Every && !now))
        {
            return;
        }

        _sinceDrawn.Restart();
        Erase();
        var filled = (int)(Math.Clamp(share, 0, 1) * BarWidth);
        var room = Math.Max(20, Console.WindowWidth - BarWidth - 8);
        AnsiConsole.MarkupLine($"[green]{new string('█', filled)}[/][grey]{new string('░', BarWidth - filled)}[/] {share,4:P0} {Markup.Escape(text.Length <= room ? text : text[..room])}");
        _drawn = true;
    }

    private void Erase()
    {
        if (_drawn)
        {
            Console.Out.Write("\u001b[1A\u001b[2K"); // One line up, and clear it.
            _drawn = false;
        }
    }
}
