namespace ActorCluster.Operator.Palettes;

/// <summary>Arguments that several palettes take.</summary>
internal static class CommonArguments
{
    /// <summary>The run that a command is about.</summary>
    public static CommandArgument Run { get; } = new("run", "The run's name, as 'run list' shows it.", ArgumentKind.Run) { IsMandatory = true, IsPositional = true };

    /// <summary>How many rows of a long list to leave out.</summary>
    public static CommandArgument Skip { get; } = new("skip", "How many to leave out.", ArgumentKind.Number) { Default = "0", Least = 0, Greatest = int.MaxValue };

    /// <summary>How many rows of a long list to show.</summary>
    /// <param name="usual">How many, unless something else is asked for.</param>
    /// <param name="most">How many can be asked for.</param>
    public static CommandArgument Take(int usual, int most) => new("take", "How many to list.", ArgumentKind.Number) { Default = $"{usual}", Least = 1, Greatest = most };
}
