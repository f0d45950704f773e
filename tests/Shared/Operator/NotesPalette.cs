using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Tests;

/// <summary>A palette over a few notes in memory: small, but with an argument of every kind, an answer of every kind, and every way to fail.</summary>
internal sealed class NotesPalette : ICommandHandler
{
    private readonly Channel<string> _news = Channel.CreateUnbounded<string>();

    public static CommandPalette Definition { get; } = new("notes", "Notes on runs.", [
        new CommandDefinition("add", "Adds notes.", [
            new CommandArgument("run", "The run.", ArgumentKind.Run) { IsPositional = true, IsMandatory = true },
            new CommandArgument("text", "What to note.", ArgumentKind.Text) { IsPositional = true, IsMandatory = true, AllowsMultiple = true },
            new CommandArgument("priority", "How much it matters.", ArgumentKind.Number) { Switches = ["-priority", "-p"], Default = "0", Least = -100, Greatest = 100 },
            new CommandArgument("colour", "Its colour.", ArgumentKind.Choice) { Values = ["red", "green"] },
            new CommandArgument("tag", "A tag.", ArgumentKind.Text) { AllowsMultiple = true },
            new CommandArgument("pinned", "Keep it at the top.", ArgumentKind.Flag),
            new CommandArgument("limit", "Its largest size.", ArgumentKind.Size),
            new CommandArgument("at", "The node.", ArgumentKind.Node),
            new CommandArgument("file", "A file to attach, or a template.", ArgumentKind.Path) { Values = ["plain", "fancy"] },
        ]) { Changes = true },
        new CommandDefinition("list", "Lists the notes.", [new CommandArgument("take", "How many.", ArgumentKind.Number) { Least = 1 }]),
        new CommandDefinition("show", "Shows a note.", [new CommandArgument("run", "The run.", ArgumentKind.Run) { IsPositional = true, IsMandatory = true }]),
        new CommandDefinition("clear", "Throws all notes away.", []) { Changes = true, Danger = "All notes are thrown away." },
        new CommandDefinition("follow", "Shows what is new.", []) { Follows = true },
        new CommandDefinition("flood", "Says the same for ever.", []) { Follows = true },
        new CommandDefinition("end", "Ends with a code.", [new CommandArgument("code", "The code.", ArgumentKind.Number) { IsPositional = true, IsMandatory = true }]),
        new CommandDefinition("outage", "Finds its store away.", []),
        new CommandDefinition("break", "Fails after its first line.", []),
    ]);

    public CommandPalette Palette => Definition;

    public ConcurrentDictionary<string, CommandCall> Notes { get; } = new();

    /// <summary>Completes when a client that followed, or was flooded, has gone.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many clients have begun to follow.</summary>
    public int Followers { get; private set; }

    public void Tell(string news) => _news.Writer.TryWrite(news);

    public IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, CancellationToken cancellation) => call.Command.Name switch
    {
        "add" => One(Add(call)),
        "list" => ListAsync((int)(call.Number("take") ?? int.MaxValue)),
        "show" => One(new CommandAnswer.Item(Fields(call.Needed("run"), Find(call.Needed("run"))))),
        "clear" => One(Clear()),
        "follow" => FollowAsync(cancellation),
        "flood" => FloodAsync(cancellation),
        "end" => One(new CommandAnswer.Exit((int)call.Number("code")!.Value)),
        "outage" => throw new EnvironmentFaultException("store", "The store is away.", "Wait."),
        _ => BreakAsync(),
    };

    private static async IAsyncEnumerable<CommandAnswer> One(CommandAnswer answer)
    {
        await Task.Yield();
        yield return answer;
    }

    private async IAsyncEnumerable<CommandAnswer> ListAsync(int take)
    {
        await Task.Yield();
        foreach (var (run, call) in Notes.OrderBy(n => n.Key, StringComparer.Ordinal).Take(take))
        {
            yield return new CommandAnswer.Row(Fields(run, call));
        }
    }

    private CommandAnswer.Line Add(CommandCall call)
    {
        Notes[call.Needed("run")] = call;
        return new CommandAnswer.Line($"Noted by {call.Who}: {string.Join(" / ", call.Many("text"))}");
    }

    private CommandAnswer.Line Clear()
    {
        Notes.Clear();
        return new CommandAnswer.Line("All gone.");
    }

    private CommandCall Find(string run) =>
        Notes.GetValueOrDefault(run) ?? throw new CommandRefusedException($"There is no note on '{run}'.", NearestNames.Find(run, Notes.Keys));

    private static ImmutableArray<AnswerField> Fields(string run, CommandCall call) =>
    [
        new("run", run), new("texts", call.Many("text").ToArray()), new("priority", call.Number("priority")), new("pinned", call.Has("pinned")), new("share", 0.25), new("colour", call.Text("colour")),
    ];

    private async IAsyncEnumerable<CommandAnswer> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        Followers++;
        try
        {
            await foreach (var news in _news.Reader.ReadAllAsync(cancellation))
            {
                if (news == "end")
                {
                    yield break;
                }

                yield return new CommandAnswer.Line(news);
            }
        }
        finally
        {
            Gone.TrySetResult();
        }
    }

    private async IAsyncEnumerable<CommandAnswer> FloodAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var line = new CommandAnswer.Line(new string('x', 60_000));
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                await Task.Yield();
                yield return line;
            }
        }
        finally
        {
            Gone.TrySetResult();
        }
    }

    private static async IAsyncEnumerable<CommandAnswer> BreakAsync()
    {
        await Task.Yield();
        yield return new CommandAnswer.Line("so far so good");
        throw new InvalidOperationException("secret detail");
    }
}
