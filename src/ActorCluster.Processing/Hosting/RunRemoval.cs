using System.Data.Common;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Hosting;

/// <summary>Removes the rows of a run and its videos from the state's tables, in words that both databases understand.</summary>
internal static class RunRemoval
{
    private const long RowsPerStatement = 20_000;
    private const int StatementSeconds = 300;

    // No LIKE: SQLite's makes no difference between a and A, and an underscore stands for any character.
    private const string OfRun =
        "(persistence_id = @run OR substr(persistence_id, 1, @video_length) = @video OR substr(persistence_id, 1, @voting_length) = @voting)";

    /// <summary>Removes a run's events, some rows at a time, so that the actors' own writes never wait for long.</summary>
    public static async Task FromJournalAsync(DbConnection connection, string run, CancellationToken cancellation)
    {
        var last = await AskAsync(connection, "SELECT COALESCE(MAX(ordering), 0) FROM journal", cancellation);
        for (var from = await AskAsync(connection, "SELECT COALESCE(MIN(ordering), 1) FROM journal", cancellation); from <= last; from += RowsPerStatement)
        {
            await DeleteAsync(connection, $"DELETE FROM journal WHERE ordering BETWEEN {from} AND {from + RowsPerStatement - 1} AND {OfRun}", run, cancellation);
        }
    }

    /// <summary>Removes a run's snapshots.</summary>
    public static Task FromSnapshotsAsync(DbConnection connection, string run, CancellationToken cancellation) =>
        DeleteAsync(connection, $"DELETE FROM snapshot WHERE {OfRun}", run, cancellation);

    private static async Task DeleteAsync(DbConnection connection, string statement, string run, CancellationToken cancellation)
    {
        var (video, voting) = VideoKey.PersistencePrefixes(run);
        await using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (statement, StatementSeconds);
        (string Name, object Value)[] values =
            [("run", DatasetRunActor.PersistenceIdOf(run)), ("video", video), ("video_length", video.Length), ("voting", voting), ("voting_length", voting.Length)];
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@" + name, value);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<long> AskAsync(DbConnection connection, string question, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = question;
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
