using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Node;

/// <summary>What a person or a program sees of a run.</summary>
internal abstract class ConsoleOutput
{
    /// <summary>Live bars on a terminal, a plain line now and then in a pipe, one JSON object when asked for.</summary>
    public static ConsoleOutput For(bool json) => json ? new JsonOutput() : Console.IsOutputRedirected ? new PlainOutput() : new TerminalOutput();

    /// <summary>The run is frozen.</summary>
    public abstract void Begin(RunSubmission submission, string pipeline, DataDirectory data, int slots, IReadOnlyList<string> problems);

    /// <summary>How far it is; called several times a second.</summary>
    public abstract void Progress(RunQueries.RunProgress progress);

    /// <summary>Nothing new is started from here on.</summary>
    public abstract void Stopping(RunQueries.RunProgress progress, bool interrupted);

    /// <summary>The sitting ends before the run does.</summary>
    public abstract void Interrupted(RunQueries.RunProgress progress, ProcessOptions options, string run);

    /// <summary>The run has ended, or waits.</summary>
    public abstract void End(RunSummary summary, RunDirectory folder, int exitCode);
}
