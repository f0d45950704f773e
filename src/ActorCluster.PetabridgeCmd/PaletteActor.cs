using ActorCluster.Operator.Palettes;
using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace ActorCluster.PetabridgeCmd;

/// <summary>The commands of one palette over one connection: each that can be done gets an actor of its own, which streams the answer.</summary>
internal sealed class PaletteActor : CommandHandlerActor
{
    private readonly Operator.Palettes.CommandPalette _palette;
    private readonly CommandRunner _commands;

    public PaletteActor(Operator.Palettes.CommandPalette palette, CommandRunner commands)
        : base(PaletteTranslation.Of(palette))
    {
        (_palette, _commands) = (palette, commands);
        foreach (var definition in palette.Commands)
        {
            Process(definition.Name, Do);
        }
    }

    private void Do(Command command)
    {
        var asker = Sender; // Before anything else: it changes with every message.
        var values = command.Arguments.Select(a => Value(command.Name, a.Item1, a.Item2)).OfType<CommandValue>();
        var parsed = CommandParser.Check(_commands.Palettes, _palette.Name, command.Name, values, CommandRunner.Who(null, asker.Path.Address.ToString()));
        if (parsed.Call is not { } call)
        {
            asker.Tell(new ErroredCommandResponse(parsed.Explanation));
        }
        else if (CommandRunner.Refusal(call) is { } refusal)
        {
            asker.Tell(new ErroredCommandResponse(refusal));
        }
        else
        {
            Context.ActorOf(Props.Create(() => new AnswerActor(_commands, call, asker)));
        }
    }

    /// <summary>A value as it was given; null for a flag that was given as not holding. Over there flags, too, may come with a value.</summary>
    private CommandValue? Value(string command, string name, string? value)
    {
        var isFlag = CommandParser.ArgumentsOf(_palette.Commands.First(c => c.Name == command)).Any(a => a.Kind == ArgumentKind.Flag && (a.Name == name || a.Switches.Contains(name)));
        return !isFlag ? new CommandValue(name, value)
            : string.IsNullOrEmpty(value) || value.Equals("true", StringComparison.OrdinalIgnoreCase) ? new CommandValue(name, null)
            : value.Equals("false", StringComparison.OrdinalIgnoreCase) ? null
            : new CommandValue(name, value);
    }
}
