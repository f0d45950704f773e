using ActorCluster.Operator.Palettes;
using Petabridge.Cmd;

namespace ActorCluster.PetabridgeCmd;

/// <summary>Palettes as Petabridge.Cmd describes them.</summary>
internal static class PaletteTranslation
{
    /// <summary>A palette with all its commands. Arguments that we also take without a switch have one there.</summary>
    public static Petabridge.Cmd.CommandPalette Of(Operator.Palettes.CommandPalette palette) => new(palette.Name, palette.Commands.Select(Of).ToArray());

    private static Petabridge.Cmd.CommandDefinition Of(Operator.Palettes.CommandDefinition command) => CommandParser.ArgumentsOf(command)
        .Aggregate(new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Description), With)
        .Build();

    // The lambdas are single expressions: they fit whether the package wants what they return or not.
    private static CommandDefinitionBuilder With(CommandDefinitionBuilder builder, CommandArgument argument) => argument.Default is { } value
        ? builder.WithArgument(b => argument.Switches.Aggregate(
            b.WithName(argument.Name).WithDescription(argument.Description).IsMandatory(argument.IsMandatory).AllowMultiple(argument.AllowsMultiple).WithDefaultValues(value),
            (a, name) => a.WithSwitch(name)))
        : builder.WithArgument(b => argument.Switches.Aggregate(
            b.WithName(argument.Name).WithDescription(argument.Description).IsMandatory(argument.IsMandatory).AllowMultiple(argument.AllowsMultiple),
            (a, name) => a.WithSwitch(name)));
}
