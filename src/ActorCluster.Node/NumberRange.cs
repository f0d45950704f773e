using System.CommandLine;

namespace ActorCluster.Node;

/// <summary>Options that take a number within bounds.</summary>
internal static class NumberRange
{
    /// <summary>Refuses numbers beyond the bounds, by the option's name.</summary>
    /// <param name="option">An option of an <see cref="int"/>.</param>
    /// <param name="least">The least.</param>
    /// <param name="most">The most; null for no bound.</param>
    /// <returns>The option.</returns>
    public static T Within<T>(this T option, int least, int? most)
        where T : Option
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var n) && (n < least || n > most))
            {
                result.AddError($"{option.Name} takes a number from {least}{(most is null ? "" : $" to {most}")}.");
            }
        });
        return option;
    }
}
