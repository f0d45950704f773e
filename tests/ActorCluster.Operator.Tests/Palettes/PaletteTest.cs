using System.Globalization;
using ActorCluster.Operator.Palettes;
using ActorCluster.Storage;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests.Palettes;

/// <summary>Commands about runs as they are typed, over a cluster that says what it is told to say.</summary>
public abstract class PaletteTest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-palettes-");
    private readonly CommandPalette[] _palettes;
    private readonly Dictionary<string, ICommandHandler> _handlers;

    private protected PaletteTest()
    {
        Data = new DataDirectory(_folder.FullName);
        ICommandHandler[] handlers = [new RunPalette(Runs, new NoNodes(), Data), new VideoPalette(Runs)];
        _palettes = [.. handlers.Select(h => h.Palette)];
        _handlers = handlers.ToDictionary(h => h.Palette.Name);
    }

    private protected HandWrittenRuns Runs { get; } = new();

    private protected DataDirectory Data { get; }

    private protected IEnumerable<CommandDefinition> Commands => _palettes.SelectMany(p => p.Commands);

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What a command answers, a text for each piece.</summary>
    private protected async Task<IReadOnlyList<string>> AnswerAsync(string words, CancellationToken cancellation = default)
    {
        var answers = new List<string>();
        await foreach (var answer in Handle(words, cancellation))
        {
            answers.Add(Text(answer));
        }

        return answers;
    }

    private protected IAsyncEnumerable<CommandAnswer> Handle(string words, CancellationToken cancellation = default)
    {
        var parsed = CommandParser.Parse(_palettes, words.Split(' '), "ann");
        Assert.True(parsed.Call is not null, parsed.Explanation);
        return _handlers[parsed.Call!.Palette].RunAsync(parsed.Call, cancellation);
    }

    private protected string Wrong(string words) => string.Join(' ', CommandParser.Parse(_palettes, words.Split(' '), "ann").Problems);

    private protected async Task<CommandRefusedException> RefusedAsync(string words) => await Assert.ThrowsAsync<CommandRefusedException>(() => AnswerAsync(words));

    private protected static string Text(CommandAnswer answer) => answer switch
    {
        CommandAnswer.Line line => line.Text,
        CommandAnswer.Row row => "| " + Fields(row.Fields),
        CommandAnswer.Item item => "= " + Fields(item.Fields),
        CommandAnswer.Status status => "~ " + status.Text,
        CommandAnswer.Exit exit => $"exit {exit.ExitCode}",
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    private static string Fields(IEnumerable<AnswerField> fields) =>
        string.Join(' ', fields.Where(f => f.Value is not null).Select(f => $"{f.Name}:{(f.Value is string[] many ? $"[{string.Join(',', many)}]" : Convert.ToString(f.Value, CultureInfo.InvariantCulture))}"));
}
