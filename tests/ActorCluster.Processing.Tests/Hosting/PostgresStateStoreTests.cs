using ActorCluster.Core.Faults;
using ActorCluster.Processing.Hosting;
using ActorCluster.Tests.Shared;
using Akka.Actor;
using Akka.Configuration;
using Npgsql;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>The tables, and every reason to refuse a database, on a real server.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresStateStoreTests(PostgresFixture postgres)
{
    [Fact]
    public async Task PrepareAsync_EmptyDatabase_MakesTheTablesThatThePluginItselfWouldMake()
    {
        var ours = await postgres.PreparedAsync();
        var theirs = new PostgresStateStore(await postgres.Server.CreateDatabaseAsync());
        var initialising = ConfigurationFactory.ParseString("akka.persistence { journal.sql.auto-initialize = true\nsnapshot-store.sql.auto-initialize = true }");
        using (var system = ActorSystem.Create("plugin", initialising.WithFallback(NodeConfiguration.Of(new NodeSettings(), theirs))))
        {
            var actor = system.ActorOf(Props.Create(() => new Writer("x")));
            await actor.Ask<Writer.State>(new Writer.Write(1), TimeSpan.FromSeconds(30));
            await actor.Ask<Writer.State>(new Writer.Snapshot(), TimeSpan.FromSeconds(30));
            await system.Terminate();
        }

        var made = await DescribeAsync(ours);
        Assert.NotEmpty(made);
        Assert.Equal(await DescribeAsync(theirs), made);
    }

    [Fact]
    public async Task PrepareAsync_ManyNodesAtOnceAndLaterOnes_AllFindTheSameTables()
    {
        var connection = await postgres.Server.CreateDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => new PostgresStateStore(connection).PrepareAsync(CancellationToken.None)));
        await new PostgresStateStore(connection).PrepareAsync(CancellationToken.None);
        Assert.Equal(1L, await ScalarAsync(connection, "SELECT count(*) FROM actorcluster_schema"));
    }

    [Fact]
    public async Task PrepareAsync_AnotherSchemaVersion_IsRefusedByName()
    {
        var store = await postgres.PreparedAsync();
        await ScalarAsync(store.ConnectionString, "UPDATE actorcluster_schema SET version = 7");
        var refused = await RefusedAsync(store.ConnectionString);
        Assert.Contains("version 7", refused.Cause, StringComparison.Ordinal);
        Assert.Contains("version 1", refused.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("journal")]
    [InlineData("snapshot")]
    public async Task PrepareAsync_TableOfSomethingElse_IsRefusedAndNothingMade(string table)
    {
        var connection = await postgres.Server.CreateDatabaseAsync();
        await ScalarAsync(connection, $"CREATE TABLE {table} (x int)");
        Assert.Contains($"'{table}'", (await RefusedAsync(connection)).Cause, StringComparison.Ordinal);
        Assert.Equal(1L, await ScalarAsync(connection, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"));
    }

    [Fact]
    public async Task PrepareAsync_ReadOnly_IsRefused()
    {
        var store = await postgres.PreparedAsync();
        var database = new NpgsqlConnectionStringBuilder(store.ConnectionString).Database;
        await ScalarAsync(store.ConnectionString, $"ALTER DATABASE {database} SET default_transaction_read_only = on");
        Assert.Contains("can only be read", (await RefusedAsync(store.ConnectionString)).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Password=very-secret", "--state")]
    [InlineData("Database=absent", "Create the database")]
    [InlineData("Port=1", "Host and Port")]
    public async Task PrepareAsync_NotToBeReached_SaysWhereAndWhatToDo(string change, string remedy)
    {
        var builder = new NpgsqlConnectionStringBuilder(await postgres.Server.CreateDatabaseAsync());
        var (keyword, value) = (change.Split('=')[0], change.Split('=')[1]);
        builder[keyword] = value;
        var refused = await RefusedAsync(builder.ConnectionString);
        Assert.Contains($"127.0.0.1:{builder.Port}", refused.Cause, StringComparison.Ordinal);
        Assert.Contains(remedy, refused.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrepareAsync_UserMayNotCreate_SaysWhatToGrant()
    {
        var connection = await postgres.Server.CreateDatabaseAsync();
        await ScalarAsync(connection, "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD 'guest'");
        var guest = new NpgsqlConnectionStringBuilder(connection) { Username = "guest", Password = "guest" };
        Assert.Contains("grant CREATE", (await RefusedAsync(guest.ConnectionString)).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MeasureAsync_SomeEvents_CountsThemAndTheirBytes()
    {
        var store = await postgres.PreparedAsync();
        var empty = await store.MeasureAsync(CancellationToken.None);
        await ScalarAsync(
            store.ConnectionString,
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest) SELECT 0, false, 'x', n, decode(repeat('00', 1000), 'hex'), '' FROM generate_series(1, 1000) n");
        var full = await store.MeasureAsync(CancellationToken.None);
        Assert.Equal((0L, 1000L), (empty.Rows, full.Rows));
        Assert.InRange(full.Bytes - empty.Bytes, 1_000_000, 2_000_000);
        Assert.Equal(["journal", "tags", "snapshot"], full.Tables.Select(t => t.Name));
    }

    internal static async Task<object?> ScalarAsync(string connection, string statement)
    {
        await using var open = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(statement, open);
        return await command.ExecuteScalarAsync();
    }

    private static Task<EnvironmentFaultException> RefusedAsync(string connection) =>
        Assert.ThrowsAsync<EnvironmentFaultException>(() => new PostgresStateStore(connection).PrepareAsync(CancellationToken.None));

    /// <summary>Every column, key and index, in a fixed order.</summary>
    private static async Task<string> DescribeAsync(PostgresStateStore store) => (string)(await ScalarAsync(
        store.ConnectionString,
        """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
          SELECT format('%s.%s %s %s %s null=%s default=%s identity=%s', table_name, column_name, ordinal_position, data_type, character_maximum_length, is_nullable, column_default, identity_generation) AS line
            FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'actorcluster_schema'
          UNION ALL
          SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'actorcluster_schema'
          UNION ALL
          SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> coalesce(to_regclass('actorcluster_schema'), 0)
        ) AS lines
        """))!;
}
