using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Node;

/// <summary>What a person or a program sees of a run, of this process or of a cluster that this process watches.</summary>
internal abstract class ConsoleOutput
{
    /// <summary>Live bars on a terminal, a plain line now and then in a pipe, one JSON object when asked for.</summary>
    public static ConsoleOutput For(bool json) => json ? new JsonOutput() : Console.IsOutputRedirected ? new PlainOutput() : new TerminalOutput();

    /// <summary>Something to know, in lines: how the run begins, or what happens beside it.</summary>
    public abstract void Note(params IEnumerable<string> lines);

    /// <summary>How far it is; called several times a second.</summary>
    public abstract void Progress(RunQueries.RunProgress progress);

    /// <summary>Nothing new is started from here on.</summary>
    public abstract void Stopping(RunQueries.RunProgress progress, bool interrupted);

    /// <summary>The console goes before the run has ended.</summary>
    /// <param name="progress">How far it is.</param>
    /// <param name="state">How it stands, in a word.</param>
    /// <param name="exitCode">What this process ends with.</param>
    /// <param name="lines">What to know.</param>
    public abstract void Leave(RunQueries.RunProgress progress, string state, int exitCode, IEnumerable<string> lines);

    /// <summary>The run has ended, or waits.</summary>
    public abstract void End(RunSummary summary, RunDirectory folder, int exitCode);
}
