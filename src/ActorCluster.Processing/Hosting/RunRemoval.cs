using System.Data.Common;
using ActorCluster.Core.Formats;
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

    // A prediction's run has one video, and the index finds its rows however many others there are.
    private const string OfPrediction = "persistence_id IN (@run, @video, @voting)";

    /// <summary>Removes a run's events, some rows at a time, so that the actors' own writes never wait for long.</summary>
    public static async Task FromJournalAsync(DbConnection connection, string run, CancellationToken cancellation)
    {
        if (PredictionRun.IsName(run))
        {
            await DeleteAsync(connection, $"DELETE FROM journal WHERE {OfPrediction}", PredictionNames(run), cancellation);
            return;
        }

        var last = await AskAsync(connection, "SELECT COALESCE(MAX(ordering), 0) FROM journal", cancellation);
        for (var from = await AskAsync(connection, "SELECT COALESCE(MIN(ordering), 1) FROM journal", cancellation); from <= last; from += RowsPerStatement)
        {
            await DeleteAsync(connection, $"DELETE FROM journal WHERE ordering BETWEEN {from} AND {from + RowsPerStatement - 1} AND {OfRun}", Names(run), cancellation);
        }
    }

    /// <summary>Removes a run's snapshots.</summary>
    public static Task FromSnapshotsAsync(DbConnection connection, string run, CancellationToken cancellation) =>
        PredictionRun.IsName(run)
            ? DeleteAsync(connection, $"DELETE FROM snapshot WHERE {OfPrediction}", PredictionNames(run), cancellation)
            : DeleteAsync(connection, $"DELETE FROM snapshot WHERE {OfRun}", Names(run), cancellation);

    private static (string Name, object Value)[] Names(string run)
    {
        var (video, voting) = VideoKey.PersistencePrefixes(run);
        return [("run", DatasetRunActor.PersistenceIdOf(run)), ("video", video), ("video_length", video.Length), ("voting", voting), ("voting_length", voting.Length)];
    }

    private static (string Name, object Value)[] PredictionNames(string run)
    {
        var video = new VideoKey(run, Index: 0, Revision: 1);
        return [("run", DatasetRunActor.PersistenceIdOf(run)), ("video", video.PersistenceId), ("voting", video.VotingPersistenceId)];
    }

    private static async Task DeleteAsync(DbConnection connection, string statement, (string Name, object Value)[] values, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (statement, StatementSeconds);
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
