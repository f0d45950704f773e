using ActorCluster.Operator.Palettes;
using Petabridge.Cmd;

namespace ActorCluster.PetabridgeCmd;

/// <summary>Palettes as Petabridge.Cmd describes them.</summary>
internal static class PaletteTranslation
{
    /// <summary>A palette with all its commands. Arguments that we also take without a switch have one there.</summary>
    public static Petabridge.Cmd.CommandPalette Of(Operator.Palettes.CommandPalette palette) => new(palette.Name, palette.Commands.Select(Of).ToArray());

    private static Petabridge.Cmd.CommandDefinition Of(Operator.Palettes.CommandDefinition command)
    {
        var builder = new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Description);
        foreach (var argument in CommandParser.ArgumentsOf(command))
        {
            builder = builder.WithArgument(b =>
            {
                b.WithName(argument.Name).WithDescription(argument.Description).IsMandatory(argument.IsMandatory).AllowMultiple(argument.AllowsMultiple);
                foreach (var name in argument.Switches)
                {
                    b.WithSwitch(name);
                }

                if (argument.Default is { } value)
                {
                    b.WithDefaultValues(value);
                }
            });
        }

        return builder.Build();
    }
}
