using System.Data.Common;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Hosting;
using Akka.Actor;

namespace ActorCluster.Processing.Reporting;

/// <summary>Answers questions about runs from their journals, and remembers the runs that were asked for last. A run whose journal is long keeps no other waiting.</summary>
internal sealed class RunReader(ActorSystem system, NodeContext node)
{
    private const int MostRemembered = 4;
    private static readonly TimeSpan ReadWithin = TimeSpan.FromMinutes(2);
    private readonly Lock _lock = new();
    private readonly List<Remembered> _remembered = []; // The one asked for last at the end.

    /// <summary>Asks a question about a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="startedAt">When the run says it was begun: one of the same name that was deleted was begun earlier.</param>
    /// <param name="ask">The question; must not keep the view.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    /// <exception cref="EnvironmentFaultException">Journal or manifest cannot be read.</exception>
    public async Task<T> AskAsync<T>(string run, long startedAt, Func<RunView, T> ask, CancellationToken cancellation = default)
    {
        var remembered = Recall(run);
        if (!await remembered.Turn.WaitAsync(ReadWithin, cancellation))
        {
            throw Unreadable(run, "those who asked before are still waiting for it", null);
        }

        try
        {
            // What was read in part, as the journal went away, is not kept.
            var view = remembered.View is { } known && known.State.StartedAt == startedAt ? known : new RunView();
            remembered.View = null;
            await RunJournal.ReadAsync(system, run, view.SequenceNr + 1, view.Take).WaitAsync(ReadWithin, cancellation);
            await Inference.OwnThread.Run(() => view.Refresh(node.Data.Run(run).Manifest));
            remembered.View = view;
            return ask(view);
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            throw Unreadable(run, e.Message, e);
        }
        finally
        {
            remembered.Turn.Release();
        }
    }

    private static EnvironmentFaultException Unreadable(string run, string why, Exception? inner) =>
        new("journal", $"The history of run '{run}' cannot be read: {why.TrimEnd('.')}.", "Ask again in a moment; check the database.", inner);

    private Remembered Recall(string run)
    {
        lock (_lock)
        {
            var remembered = _remembered.Find(r => r.Run == run) ?? new Remembered(run);
            _remembered.Remove(remembered);
            _remembered.Add(remembered);
            if (_remembered.Count > MostRemembered)
            {
                _remembered.RemoveAt(0); // Whoever is asking it just now still has it.
            }

            return remembered;
        }
    }

    private sealed class Remembered(string run)
    {
        public string Run { get; } = run;

        public SemaphoreSlim Turn { get; } = new(1);

        public RunView? View { get; set; }
    }
}
