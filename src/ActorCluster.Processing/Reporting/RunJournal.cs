using ActorCluster.Processing.Runs;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;

namespace ActorCluster.Processing.Reporting;

/// <summary>Reads what is stored of a run.</summary>
internal static class RunJournal
{
    /// <summary>Reads a run's events.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="run">The run.</param>
    /// <param name="from">The first sequence number to read.</param>
    /// <param name="take">Takes each event with its sequence number, in order.</param>
    public static async Task ReadAsync(ActorSystem system, string run, long from, Action<object, long> take)
    {
        var journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
        using var materializer = system.Materializer();
        await journal.CurrentEventsByPersistenceId(DatasetRunActor.PersistenceIdOf(run), from, long.MaxValue).RunForeach(e => take(e.Event, e.SequenceNr), materializer);
    }
}
