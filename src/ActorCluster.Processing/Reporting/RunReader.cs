using ActorCluster.Processing.Hosting;
using Akka.Actor;

namespace ActorCluster.Processing.Reporting;

/// <summary>Answers questions about runs from their journals, and remembers the runs that were asked for last.</summary>
internal sealed class RunReader(ActorSystem system, NodeContext node) : IDisposable
{
    private const int MostRemembered = 4;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<(string Run, RunView View)> _remembered = []; // The one asked for last at the end.

    /// <summary>Asks a question about a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="startedAt">When the run says it was begun: one of the same name that was deleted was begun earlier.</param>
    /// <param name="ask">The question; must not keep the view.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    public async Task<T> AskAsync<T>(string run, long startedAt, Func<RunView, T> ask, CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var view = _remembered.FirstOrDefault(r => r.Run == run).View;
            _remembered.RemoveAll(r => r.Run == run);
            view = view is not null && view.State.StartedAt == startedAt ? view : new RunView();
            await RunJournal.ReadAsync(system, run, view.SequenceNr + 1, view.Take);
            await Inference.OwnThread.Run(() => view.Refresh(node.Data.Run(run).Manifest));
            _remembered.Add((run, view));
            if (_remembered.Count > MostRemembered)
            {
                _remembered.RemoveAt(0);
            }

            return ask(view);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
