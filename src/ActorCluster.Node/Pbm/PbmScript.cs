using ActorCluster.Operator.Palettes;

namespace ActorCluster.Node.Pbm;

/// <summary>Commands from a pipe or a file, one a line; empty lines and those that begin with <c>#</c> are passed over.</summary>
internal static class PbmScript
{
    /// <summary>Gives them one after the other.</summary>
    /// <returns>0, or the exit code of the first that failed; the ones behind it are given all the same.</returns>
    public static async Task<int> RunAsync(PbmSession session, TextReader input)
    {
        using var signals = new StopSignals();
        var exitCode = ExitCodes.Completed;
        try
        {
            while (await input.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(signals.Stop) is { } line && await LineAsync(session, line, signals.Stop) is { } code)
            {
                signals.Stop.ThrowIfCancellationRequested();
                exitCode = exitCode == ExitCodes.Completed ? code : exitCode;
            }
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }

        return exitCode;
    }

    /// <summary>Gives what a line says.</summary>
    /// <returns>Its exit code; null when it says that nothing more comes.</returns>
    public static async Task<int?> LineAsync(PbmSession session, string line, CancellationToken stop)
    {
        try
        {
            var words = CommandTokenizer.Split(line);
            return words.IsEmpty || words[0].StartsWith('#') ? ExitCodes.Completed : words is ["exit" or "quit"] ? null : await session.ExecuteAsync(words, stop);
        }
        catch (FormatException e)
        {
            session.Tell(e.Message);
            return ExitCodes.Usage;
        }
    }
}
