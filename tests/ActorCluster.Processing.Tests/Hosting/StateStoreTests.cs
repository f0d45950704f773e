using ActorCluster.Core.Faults;
using ActorCluster.Processing.Hosting;
using Npgsql;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>Which store settings ask for, and what is said about a wrong one. Nothing is connected to.</summary>
public sealed class StateStoreTests
{
    private const string Secret = "very;secret=1";

    [Fact]
    public void Of_NoConnectionAndNoSeeds_IsSqlite()
    {
        using var data = new TempData();
        Assert.IsType<SqliteStateStore>(StateStore.Of(new NodeSettings(), data.Data));
    }

    [Fact]
    public void Of_NoConnectionAndSeeds_IsRefusedWithTheReason()
    {
        using var data = new TempData();
        var refused = Assert.Throws<EnvironmentFaultException>(() => StateStore.Of(new NodeSettings { Seeds = ["a:1"] }, data.Data));
        Assert.Contains("one process only", refused.Cause, StringComparison.Ordinal);
        Assert.Contains("--state", refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ConnectionAndSeeds_IsPostgres()
    {
        using var data = new TempData();
        Assert.IsType<PostgresStateStore>(StateStore.Of(new NodeSettings { Seeds = ["a:1"], State = "Host=db" }, data.Data));
    }

    [Fact]
    public void ConnectionString_LeftOpen_IsLimited()
    {
        var complete = new NpgsqlConnectionStringBuilder(new PostgresStateStore($"Host=db;Database=d;Username=u;Password=\"{Secret}\"").ConnectionString);
        Assert.Equal(("db", "d", "u", Secret), (complete.Host, complete.Database, complete.Username, complete.Password));
        Assert.Equal((8, 5, 10, -1), (complete.MaxPoolSize, complete.Timeout, complete.CommandTimeout, complete.CancellationTimeout));
        Assert.Equal("-c idle_in_transaction_session_timeout=5000", complete.Options);
    }

    [Fact]
    public void ConnectionString_Given_IsKept()
    {
        var complete = new NpgsqlConnectionStringBuilder(new PostgresStateStore(
            "Server=db;MaxPoolSize=3;Timeout=2;CommandTimeout=4;Options=-c lock_timeout=9;ApplicationName=mine;SSL Mode=Require").ConnectionString);
        Assert.Equal((3, 2, 4, "mine", SslMode.Require), (complete.MaxPoolSize, complete.Timeout, complete.CommandTimeout, complete.ApplicationName, complete.SslMode));
        Assert.Equal("-c lock_timeout=9 -c idle_in_transaction_session_timeout=5000", complete.Options);
    }

    [Theory]
    [InlineData("Host=db;Pasword=very;Database=d", "unknown keyword 'pasword'")]
    [InlineData("Host=db;Port=very", "value for 'port'")]
    [InlineData("Host=db;Port=70000;Password=very", "value for 'port'")]
    [InlineData("Host=db;SSL Mode=very", "value for 'ssl mode'")]
    [InlineData("Database=d;Password=very", "no Host")]
    [InlineData("", "no Host")]
    [InlineData("very", "not of the form")]
    [InlineData("postgresql://u:very@db/d", "not of the form")]
    [InlineData("postgresql://u:very@db/d?sslmode=require", "not of the form")]
    [InlineData("Host=db;Password=\"very", "not of the form")]
    public void ConnectionString_Wrong_IsRefusedWithoutItsValues(string connection, string why)
    {
        var refused = Assert.Throws<EnvironmentFaultException>(() => new PostgresStateStore(connection));
        Assert.Contains(why, refused.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("very", refused.ToString(), StringComparison.Ordinal);
    }
}
