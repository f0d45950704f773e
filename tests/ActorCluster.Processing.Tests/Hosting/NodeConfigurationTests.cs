using System.Runtime.Serialization;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Serialization;
using Akka.Actor;
using Microsoft.Data.Sqlite;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>The real configuration with real SQLite files.</summary>
public sealed class NodeConfigurationTests
{
    [Fact]
    public async Task Of_StrictSerialization_TakesEveryMessageAndRefusesWhatIsNotBound()
    {
        using var data = new TempData();
        using var system = await StartAsync(data);
        Assert.All(MessageSerializer.MessageTypes, type => Assert.IsType<MessageSerializer>(system.Serialization.FindSerializerForType(type)));
        Assert.Throws<SerializationException>(() => system.Serialization.Serialize(new NotBound("x")));
        Assert.Throws<SerializationException>(() => system.Serialization.Serialize(new Dictionary<string, string> { ["a"] = "b" }));
        await system.Terminate();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with space and é漢")]
    [InlineData("semi;colon")]
    [InlineData("a;Mode=Memory;b")]
    [InlineData("it's \"quoted\" = 1")]
    [InlineData("back\\slash ${akka.version} #x")]
    public async Task Of_AnyFolderName_KeepsItsStateInTheFilesItWasGiven(string folder)
    {
        using var data = new TempData(folder);
        using var system = await StartAsync(data);
        var catalog = system.ActorOf(RunCatalogActor.Props(ActorRefs.Nobody, only: null));
        var spec = new RunSpec("demo", "m", 1, "lite", "p", "/", "e", true, false, null, null);
        await catalog.Ask<RunCommands.RunAccepted>(new RunCommands.SubmitRun(spec), TimeSpan.FromSeconds(30));
        Assert.Equal(1, CountEvents(data.Data.Journal, "run-catalog"));
        Assert.True(File.Exists(data.Data.Snapshots));
        await system.Terminate();
    }

    private static async Task<ActorSystem> StartAsync(TempData data)
    {
        var state = new SqliteStateStore(data.Data);
        await state.PrepareAsync(CancellationToken.None);
        return ActorSystem.Create("actorcluster", NodeConfiguration.Of(new NodeSettings(), state));
    }

    private static long CountEvents(string journal, string persistenceId)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = journal, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM journal WHERE persistence_id = $id";
        command.Parameters.AddWithValue("$id", persistenceId);
        return (long)command.ExecuteScalar()!;
    }

    private sealed record NotBound(string Text);
}
