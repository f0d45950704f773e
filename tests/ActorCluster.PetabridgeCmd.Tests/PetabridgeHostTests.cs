using ActorCluster.Operator.Palettes;
using ActorCluster.Tests;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Petabridge.Cmd;

namespace ActorCluster.PetabridgeCmd.Tests;

/// <summary>The adapter, driven as Petabridge.Cmd's host drives it: one handler actor for each connection and palette, commands as messages, answers to their sender.</summary>
public sealed class PetabridgeHostTests : TestKit
{
    private readonly NotesPalette _notes = new();
    private readonly HandWrittenRuns _runs = new();
    private readonly Petabridge.Cmd.Host.PetabridgeCmd _host;
    private readonly IActorRef _handler;

    public PetabridgeHostTests()
        : base("akka.test { single-expect-default = 60s, default-timeout = 60s }") // 3 s are little on a busy machine that has yet to compile all of it.
    {
        PetabridgeHost.Start(Sys, new CommandRunner(new PaletteRegistry(_notes), _runs));
        _host = Petabridge.Cmd.Host.PetabridgeCmd.Get(Sys);
        _handler = Sys.ActorOf(_host.Registered.Single().HandlerProps);
    }

    [Fact]
    public void Start_EveryPalette_IsRegisteredWithAllOfItsCommands()
    {
        var palette = _host.Registered.Single().Palette;
        var add = palette.Definitions.Single(d => d.Name == "add");

        Assert.True(_host.IsStarted);
        Assert.Equal("notes", palette.ModuleName);
        Assert.Equal(NotesPalette.Definition.Commands.Select(c => (c.Name, c.Description)), palette.Definitions.Select(d => (d.Name, d.Description)));
        Assert.Equal(NotesPalette.Definition.Commands[0].Arguments.Select(a => a.Name), add.ArgumentsByName.Keys);
        Assert.Equal(["-priority", "-p"], add.ArgumentsByName["priority"].Switch);
        Assert.Equal(["0"], add.ArgumentsByName["priority"].DefaultValues);
        Assert.True(add.ArgumentsByName["run"].IsMandatory && add.ArgumentsByName["tag"].AllowMultiple);
        Assert.Equal(["yes"], palette.Definitions.Single(d => d.Name == "clear").ArgumentsByName.Keys);
    }

    [Fact]
    public void Command_Rows_AreStreamedAndEnded()
    {
        Do("add", ("-run", "spring"), ("-text", "first"), ("-pinned", ""));
        Assert.Equal(["Noted by akka://test: first", ""], Answer());

        Do("list");

        Assert.Equal(["run     texts  priority  pinned  share  colour", "spring  first         0  yes      0.25       -", ""], Answer());
        Assert.Equal(["akka://test: notes add -pinned -priority 0 -run spring -text first"], _runs.Audited);
    }

    [Theory]
    [InlineData("show", "-run", "spring", "There is no note on 'spring'.")]
    [InlineData("list", "-take", "0", "-take: '0' is no whole number of at least 1.\nUsage: notes list [-take TAKE]")]
    [InlineData("outage", null, null, "store: The store is away. Wait.")]
    [InlineData("end", "-code", "3", "notes end ended with 3.")]
    [InlineData("clear", null, null, "notes clear: All notes are thrown away. Nothing was done; give -yes if that is meant.")]
    [InlineData("clear", "-yes", "false", "notes clear: All notes are thrown away. Nothing was done; give -yes if that is meant.")]
    public void Command_Fails_IsAnError(string command, string? name, string? value, string error)
    {
        Do(command, name is null ? [] : [(name, value!)]);

        Assert.Equal(error, Assert.IsType<ErroredCommandResponse>(ExpectMsg<CommandResponse>(response => response.Final)).Msg);
        Assert.Empty(_runs.Audited);
    }

    [Fact]
    public void Command_FailsUnforeseen_TellsNothingOfItself()
    {
        Do("break");

        Assert.Equal("so far so good", ExpectMsg<CommandResponse>().Msg);
        Assert.DoesNotContain("secret", ExpectMsg<ErroredCommandResponse>().Msg);
    }

    [Theory]
    [InlineData("")]
    [InlineData("true")]
    [InlineData(null)]
    public void Command_DangerousWithYes_IsDone(string? yes)
    {
        Do("clear", ("-yes", yes!));

        Assert.Equal(["All gone.", ""], Answer());
    }

    [Fact]
    public void Command_ControlCharacters_AreMadeVisible()
    {
        _notes.Tell("red \u001b[31m");
        _notes.Tell("end");
        Do("follow");

        Assert.Equal(["red \uFFFD[31m", ""], Answer());
    }

    [Fact]
    public async Task Follow_ClientGoes_Ends()
    {
        var client = CreateTestProbe();
        _notes.Tell("hello");
        _handler.Tell(new Command("notes", "follow", []), client);
        Assert.Equal("hello", client.ExpectMsg<CommandResponse>(response => !response.Final).Msg);

        Sys.Stop(client);

        await _notes.Gone.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Follow_ConnectionGoes_Ends()
    {
        _notes.Tell("hello");
        Do("follow");
        ExpectMsg<CommandResponse>();

        Sys.Stop(_handler);

        await _notes.Gone.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private void Do(string command, params (string Switch, string Value)[] arguments) => _handler.Tell(new Command("notes", command, [.. arguments.Select(a => Tuple.Create(a.Switch, a.Value))]), TestActor);

    /// <summary>All messages of an answer up to its end.</summary>
    private List<string> Answer()
    {
        var lines = new List<string>();
        CommandResponse response;
        do
        {
            response = ExpectMsg<CommandResponse>(TimeSpan.FromSeconds(60));
            Assert.IsNotType<ErroredCommandResponse>(response);
            lines.Add(response.Msg);
        }
        while (!response.Final);
        return lines;
    }
}
