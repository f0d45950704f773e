using System.Collections.Immutable;
using System.Data.Common;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ActorCluster.Core.Faults;
using Akka.Configuration;
using Npgsql;

namespace ActorCluster.Processing.Hosting;

/// <summary>A PostgreSQL database that all nodes of a cluster share.</summary>
internal sealed partial class PostgresStateStore : StateStore
{
    /// <summary>The name under which Akka.Persistence.Sql knows the database; only this one means the column types of the embedded schema.</summary>
    public const string Provider = "PostgreSQL.15";

    /// <summary>Connections of one node, unless its connection string says otherwise: PostgreSQL admits 100 by default, from all nodes together.</summary>
    public const int PoolSize = 8;

    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;

    /// <summary>
    /// A statement that takes too long is given up with its connection, without waiting for the server to confirm that it has cancelled it.
    /// </summary>
    private const int NoCancellation = -1;
    private const string Stage = "state";

    /// <summary>
    /// A process that freezes between a write and its commit would otherwise keep the unique key locked, and with it the entity that has moved away from
    /// there, for as long as it stays frozen.
    /// </summary>
    private const string SessionOptions = "-c idle_in_transaction_session_timeout=5000";

    /// <summary>Which advisory lock the schema is made under: the letters "ActorClu".</summary>
    private const long SchemaLock = 0x4163746F72436C75;

    private static readonly Version OldestServer = new(15, 0);
    private static readonly ImmutableArray<string> Tables = ["journal", "tags", "snapshot"];

    private readonly string _where;

    /// <summary>Checks and completes a connection string. Touches nothing.</summary>
    /// <param name="connection">The connection string, as Npgsql knows it.</param>
    /// <exception cref="EnvironmentFaultException">It is wrong.</exception>
    public PostgresStateStore(string connection)
    {
        var builder = Parse(connection);
        ConnectionString = builder.ConnectionString;
        _where = $"PostgreSQL at {builder.Host}:{builder.Port}, database {builder.Database ?? builder.Username}";
    }

    /// <summary>The connection string with every limit that it left open. Holds the password.</summary>
    public string ConnectionString { get; }

    /// <inheritdoc/>
    public override Config Configuration => StateConfiguration.Postgres(ConnectionString);

    /// <summary>Checks the server and creates the tables where there are none. Any number of nodes may do so at once.</summary>
    /// <exception cref="EnvironmentFaultException">
    /// It cannot be reached, is too old, read only, of another schema version, or holds tables of something else.
    /// </exception>
    public override Task PrepareAsync(CancellationToken cancellation) => WithConnectionAsync(
        async connection =>
        {
            if (connection.PostgreSqlVersion < OldestServer)
            {
                throw Refused($"is version {connection.PostgreSqlVersion}; version {OldestServer.Major} is the oldest that serves.", "Upgrade it, or name another server with --state.");
            }

            if (await AskAsync<bool>(connection, "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool", cancellation))
            {
                throw Refused("can only be read: it is a standby, or set so.", "Name the primary server with --state.");
            }

            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await AskAsync<object>(connection, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancellation);
            if (await HasTableAsync(connection, "actorcluster_schema", cancellation))
            {
                var version = await AskAsync<int>(connection, "SELECT version FROM actorcluster_schema", cancellation);
                if (version != SchemaVersion)
                {
                    throw Refused(
                        $"has version {version} of the tables, and this program knows version {SchemaVersion}.",
                        "Run the program that made them, or name an empty database with --state.");
                }
            }
            else
            {
                foreach (var table in Tables)
                {
                    if (await HasTableAsync(connection, table, cancellation))
                    {
                        throw Refused($"has a table '{table}' that is not ours.", "Name an empty database with --state.");
                    }
                }

                await using var create = new NpgsqlCommand(Schema(), connection);
                await create.ExecuteNonQueryAsync(cancellation);
            }

            await transaction.CommitAsync(cancellation);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public override Task ReachAsync(CancellationToken cancellation) => WithConnectionAsync(connection => AskAsync<int>(connection, "SELECT 1", cancellation), cancellation);

    /// <inheritdoc/>
    public override Task<StateSize> MeasureAsync(CancellationToken cancellation) => WithConnectionAsync(
        async connection =>
        {
            var measured = ImmutableArray.CreateBuilder<StateSize.Table>();
            foreach (var table in Tables)
            {
                measured.Add(new StateSize.Table(
                    table,
                    await AskAsync<long>(connection, $"SELECT count(*) FROM {table}", cancellation),
                    await AskAsync<long>(connection, $"SELECT pg_total_relation_size('{table}')", cancellation)));
            }

            return new StateSize(measured.ToImmutable());
        },
        cancellation);

    /// <inheritdoc/>
    public override Task RemoveRunAsync(string run, CancellationToken cancellation) => WithConnectionAsync(
        async connection =>
        {
            await RunRemoval.FromJournalAsync(connection, run, cancellation);
            await RunRemoval.FromSnapshotsAsync(connection, run, cancellation);
            return true;
        },
        cancellation);

    private static NpgsqlConnectionStringBuilder Parse(string connection)
    {
        var (given, builder) = (new DbConnectionStringBuilder(), new NpgsqlConnectionStringBuilder());
        try
        {
            given.ConnectionString = connection;
        }
        catch (ArgumentException)
        {
            throw Wrong("is not of the form keyword=value;keyword=value.");
        }

        foreach (string keyword in given.Keys!)
        {
            try
            {
                builder[keyword] = given[keyword];
            }
            catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException or NotSupportedException or KeyNotFoundException)
            {
                // A text that is no keyword may be part of a password that was not quoted, or a URL that has one.
                throw Wrong(!Keyword().IsMatch(keyword) ? "is not of the form keyword=value;keyword=value."
                    : IsKnown(keyword) ? $"has a value for '{keyword}' that is not allowed."
                    : $"has an unknown keyword '{keyword}'.");
            }
        }

        if (string.IsNullOrWhiteSpace(builder.Host))
        {
            throw Wrong("names no Host.");
        }

        if (builder.Port is < 1 or > 65535)
        {
            throw Wrong("has a value for 'port' that is not allowed.");
        }

        HashSet<string> set = [.. builder.Keys];
        Default("Timeout", () => builder.Timeout = ConnectSeconds);
        Default("Command Timeout", () => builder.CommandTimeout = CommandSeconds);
        Default("Cancellation Timeout", () => builder.CancellationTimeout = NoCancellation);
        Default("GSS Encryption Mode", () => builder.GssEncryptionMode = GssEncryptionMode.Disable); // Each kind that is tried costs the time limit once more.
        Default("Maximum Pool Size", () => builder.MaxPoolSize = Math.Max(PoolSize, builder.MinPoolSize));
        Default("Application Name", () => builder.ApplicationName = "actorcluster");
        if (builder.Options?.Contains("idle_in_transaction_session_timeout", StringComparison.Ordinal) != true)
        {
            builder.Options = $"{builder.Options} {SessionOptions}".Trim();
        }

        return builder;

        void Default(string keyword, Action apply)
        {
            if (!set.Contains(keyword))
            {
                apply();
            }
        }
    }

    private static bool IsKnown(string keyword)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder().ContainsKey(keyword);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static EnvironmentFaultException Wrong(string what) =>
        new(Stage, $"The connection string {what}", "Give it as --state \"Host=...;Database=...;Username=...;Password=...\"; a value with ; or = in it is put into quotes.");

    [GeneratedRegex("^[A-Za-z][A-Za-z ]{0,39}$")]
    private static partial Regex Keyword();

    private static string Schema()
    {
        using var reader = new StreamReader(typeof(PostgresStateStore).Assembly.GetManifestResourceStream("ActorCluster.Processing.Hosting.PostgresSchema.sql")!);
        return reader.ReadToEnd() + $"INSERT INTO actorcluster_schema (version) VALUES ({SchemaVersion});";
    }

    private static async Task<bool> HasTableAsync(NpgsqlConnection connection, string table, CancellationToken cancellation) =>
        await AskAsync<bool>(connection, $"SELECT to_regclass('{table}') IS NOT NULL", cancellation);

    private static async Task<T> AskAsync<T>(NpgsqlConnection connection, string question, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(question, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<T> WithConnectionAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancellation);
            return await use(connection);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            var cause = e is PostgresException p ? p.MessageText : (e.InnerException ?? e).Message;
            throw new EnvironmentFaultException(Stage, $"{_where}, cannot be used: {cause.TrimEnd('.')}.", Remedy((e as PostgresException)?.SqlState), e);
        }
    }

    private EnvironmentFaultException Refused(string what, string remedy) => new(Stage, $"{_where}, {what}", remedy);

    private static string Remedy(string? state) => state switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "Check Username and Password in --state, and the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => "Create the database, or name another one with --state.",
        PostgresErrorCodes.InsufficientPrivilege => "Let this user own the database (ALTER DATABASE ... OWNER TO ...), or grant CREATE on its schema.",
        PostgresErrorCodes.TooManyConnections => "Raise the server's max_connections, or lower Maximum Pool Size in --state.",
        PostgresErrorCodes.CannotConnectNow => "Start again once it has started.",
        _ => "Check that it runs and that this machine reaches it; Host and Port are in --state.",
    };
}
