using System.Diagnostics;
using ActorCluster.Processing.Hosting;
using Akka.Actor;
using Npgsql;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>What the journal does when two processes believe that an entity is theirs.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresJournalTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Write_OfASecondIncarnation_FailsAndIsNotInTheHistory()
    {
        var store = await postgres.PreparedAsync();
        using var one = Start(store);
        using var other = Start(store);
        var first = Writer(one);
        await WriteAsync(first, 1);
        var second = Writer(other);
        Assert.Equal("1", await KnownAsync(second)); // Both have the same past ...
        await WriteAsync(first, 2);
        var gone = second.WatchAsync();
        second.Tell(new Writer.Write(3)); // ... and only one of them gets to go on with it.
        Assert.True(await gone.WaitAsync(Deadline));
        Assert.Equal("1, 2", await KnownAsync(Writer(other)));
        await WriteAsync(first, 4);
        Assert.Equal("1, 2, 4", await KnownAsync(Writer(other)));
        await Task.WhenAll(one.Terminate(), other.Terminate());
    }

    [Fact]
    public async Task Recovery_EntityMovedAwayAndBack_KnowsEverythingThatWasStored()
    {
        var store = await postgres.PreparedAsync();
        using var one = Start(store);
        using var other = Start(store);
        foreach (var (number, system) in new[] { one, one, other, one, other, one }.Index())
        {
            var writer = Writer(system);
            await WriteAsync(writer, number);
            await writer.GracefulStop(Deadline);
        }

        Assert.Equal("0, 1, 2, 3, 4, 5", await KnownAsync(Writer(one)));
        Assert.Equal("0, 1, 2, 3, 4, 5", await KnownAsync(Writer(other)));
        await Task.WhenAll(one.Terminate(), other.Terminate());
    }

    [Fact]
    public async Task Write_AnotherProcessFrozenBetweenWriteAndCommit_SucceedsWithinSeconds()
    {
        var store = await postgres.PreparedAsync();
        using var system = Start(store);
        await WriteAsync(Writer(system), 1);

        // As a process leaves it that is stopped in the middle of a transaction: connected, silent, and holding the next number.
        await using var frozen = new NpgsqlConnection(store.ConnectionString);
        await frozen.OpenAsync();
        await using var transaction = await frozen.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest) VALUES (0, false, 'writer', 2, '', 'x')", frozen);
        await insert.ExecuteNonQueryAsync();

        var clock = Stopwatch.StartNew();
        Assert.Equal("1, 2", await WriteAsync(Writer(system), 2));
        Assert.InRange(clock.Elapsed.TotalSeconds, 2, 10);
        await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync());
        await system.Terminate();
    }

    private static ActorSystem Start(PostgresStateStore store) => ActorSystem.Create("actorcluster", NodeConfiguration.Of(new NodeSettings(), store));

    private static IActorRef Writer(ActorSystem system) => system.ActorOf(Props.Create(() => new Writer("writer")));

    private static async Task<string> WriteAsync(IActorRef writer, int number) => string.Join(", ", (await writer.Ask<Writer.State>(new Writer.Write(number), Deadline)).Known);

    private static async Task<string> KnownAsync(IActorRef writer) => string.Join(", ", (await writer.Ask<Writer.State>(new Writer.Get(), Deadline)).Known);
}
