using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using ActorCluster.Operator;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Node.Pbm;

/// <summary>Gives commands to nodes and shows what they answer.</summary>
/// <param name="client">The way to the nodes.</param>
/// <param name="palettes">The palettes, where they are known without asking a node.</param>
/// <param name="isJson">Whether answers are to be JSON.</param>
/// <param name="ask">Asks whether a dangerous command is meant; null where there is nobody to ask.</param>
/// <param name="output">Where answers go.</param>
/// <param name="error">Where everything else goes.</param>
internal sealed class PbmSession(OperatorClient client, ImmutableArray<CommandPalette> palettes, bool isJson, Func<string, bool>? ask, TextWriter output, TextWriter error)
{
    private static readonly string[] HelpSwitches = ["-h", "-help", "--help", "-?"];
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(500);
    private static readonly string Who = $"{Environment.UserName}@{Environment.MachineName}";
    private ImmutableArray<CommandPalette> _palettes = palettes;

    /// <summary>How long no node may answer a command that follows something.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether commands are typed at its prompt, where the process's own switches are of no use.</summary>
    public bool IsPrompt { get; init; }

    /// <summary>The node that is asked first.</summary>
    public string Node => client.Node;

    /// <summary>The palettes that the cluster has.</summary>
    public async Task<ImmutableArray<CommandPalette>> PalettesAsync(CancellationToken stop) => _palettes = _palettes.IsDefault ? await client.PalettesAsync(stop) : _palettes;

    /// <summary>Gives one command, and says in this process's words what went wrong.</summary>
    /// <param name="words">The command.</param>
    /// <param name="stop">Stops waiting for the answer.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> ExecuteAsync(IReadOnlyList<string> words, CancellationToken stop)
    {
        try
        {
            return words is ["help", ..] || HelpSwitches.Contains(words[^1]) ? await HelpAsync([.. words.Where(w => w != "help" && !HelpSwitches.Contains(w))], stop) : await CommandAsync(words, stop);
        }
        catch (OperatorUnreachableException e)
        {
            Tell($"no node answers: {e.Message}. Start one with 'actorcluster node', or name another with --node.");
            return ExitCodes.EnvironmentFailure;
        }
        catch (OperatorRefusedException e)
        {
            Tell(e.Status == HttpStatusCode.Unauthorized ? $"{e.Message} Set {OperatorConnection.TokenVariable}." : e.Message);
            return e.IsAskersFault ? ExitCodes.Usage : ExitCodes.EnvironmentFailure;
        }
        catch (CommandFailedException e)
        {
            Tell(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was asked of the cluster goes on there; only this process stops to look.
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>Says something that is no answer, every line of it made fit for a terminal.</summary>
    public void Tell(string text) => error.WriteLine($"actorcluster: {string.Join("\n  ", text.Split('\n').Select(RunWords.OneLine))}");

    private async Task<int> HelpAsync(IReadOnlyList<string> about, CancellationToken stop)
    {
        var known = await PalettesAsync(stop);
        if (about.Count == 0)
        {
            return Show(CommandHelp.Palettes(known));
        }

        if (known.FirstOrDefault(p => p.Name == about[0]) is { } palette)
        {
            if (about.Count == 1)
            {
                return Show(CommandHelp.Palette(palette));
            }

            if (palette.Commands.FirstOrDefault(c => c.Name == about[1]) is { } command)
            {
                return Show(CommandHelp.Command(palette, command));
            }
        }

        Tell(CommandParser.Parse(known, [.. about.Take(2)], Who).Explanation);
        return ExitCodes.Usage;
    }

    private int Show(IEnumerable<string> lines)
    {
        foreach (var line in IsPrompt ? lines : lines.Concat(["", .. PbmArguments.Help]))
        {
            output.WriteLine(RunWords.OneLine(line));
        }

        return ExitCodes.Completed;
    }

    private async Task<int> CommandAsync(IReadOnlyList<string> words, CancellationToken stop)
    {
        var parsed = CommandParser.Parse(await PalettesAsync(stop), words, Who, Path.GetFullPath);
        if (parsed.Call is not { } call)
        {
            Tell(parsed.Explanation);
            return ExitCodes.Usage;
        }

        if (CommandRunner.Refusal(call) is not null && ask is not null)
        {
            if (!ask($"{call.Palette} {call.Command.Name}: {RunWords.OneLine(call.Command.Danger!)} Is that meant? [y/N] "))
            {
                Tell("Nothing was done.");
                return ExitCodes.Usage;
            }

            call = call with { Arguments = call.Arguments.Add(CommandDefinition.Yes.Name, []) };
        }

        return await FollowAsync(call, stop);
    }

    /// <summary>Gives the command; where it only follows something, to another node when one dies in the middle.</summary>
    private async Task<int> FollowAsync(CommandCall call, CancellationToken stop)
    {
        var show = AnswerOutput.For(isJson, output);
        var silence = new Stopwatch();
        var hasBegun = false;
        while (true)
        {
            try
            {
                return await AnswerAsync(call, show, () => (hasBegun, silence) = (true, new Stopwatch()), stop);
            }
            catch (OperatorUnreachableException e) when (hasBegun && !call.Command.Follows)
            {
                Tell($"{e.Message}. {(call.Command.Changes ? "What the command has changed is not known: look before you give it again." : "The answer is not complete: give the command again.")}");
                return ExitCodes.EnvironmentFailure;
            }
            catch (OperatorUnreachableException e) when (hasBegun && silence.Elapsed < Patience)
            {
                if (!silence.IsRunning)
                {
                    silence.Start();
                    Tell($"{e.Message}; trying again");
                }

                await Task.Delay(AgainAfter, stop);
            }
        }
    }

    /// <summary>Shows an answer as it comes.</summary>
    private async Task<int> AnswerAsync(CommandCall call, AnswerOutput show, Action hasBegun, CancellationToken stop)
    {
        var isEmpty = true;
        await foreach (var batch in AnswerLines.BatchAsync(client.CommandAsync(CommandRequest.Of(call), stop), stop))
        {
            hasBegun();
            if (batch is [CommandAnswer.Exit exit])
            {
                if (isEmpty && exit.ExitCode == ExitCodes.Completed && !isJson)
                {
                    error.WriteLine("There is nothing.");
                }

                return exit.ExitCode;
            }

            isEmpty = false;
            show.Show(batch);
        }

        throw new InvalidOperationException("An answer ended without its end.");
    }
}
