using ActorCluster.Processing.Hosting;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>One PostgreSQL server for the tests that do not kill it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    internal PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgresServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>A database of a test's own, with tables.</summary>
    internal async Task<PostgresStateStore> PreparedAsync()
    {
        var store = new PostgresStateStore(await Server.CreateDatabaseAsync());
        await store.PrepareAsync(CancellationToken.None);
        return store;
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}
