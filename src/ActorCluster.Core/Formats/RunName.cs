using System.Security.Cryptography;
using System.Text;

namespace ActorCluster.Core.Formats;

/// <summary>The name of a run, which is also its folder's: 1 to 100 characters of <c>A-Z a-z 0-9 . _ -</c>, the first neither <c>.</c> nor <c>-</c>, and not <c>catalog</c>.</summary>
public sealed record RunName
{
    /// <summary>The most characters of a name.</summary>
    public const int Longest = 100;

    private const int HashDigits = 8;

    /// <summary>What the catalogue of runs calls itself in the journal, where each run has its name.</summary>
    private const string Taken = "catalog";

    /// <summary>Makes a name.</summary>
    /// <param name="value">The name.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is not a name.</exception>
    public RunName(string value)
    {
        if (!IsValid(value))
        {
            throw new ArgumentException(
                $"\"{value}\" is not a run's name: 1 to {Longest} of the characters A-Z a-z 0-9 . _ - are, the first neither . nor -, and not '{Taken}'.", nameof(value));
        }

        Value = value;
    }

    /// <summary>The name.</summary>
    public string Value { get; }

    /// <summary>Whether a text is a run's name.</summary>
    public static bool IsValid(string? value) =>
        value is { Length: > 0 and <= Longest } && value[0] is not ('.' or '-') && value != Taken && value.All(IsAllowed);

    /// <summary>
    /// Names a run that the operator did not name: <c>[last part of the first path]-[pipeline]-[8 hexadecimal digits]</c>, the digits those of the SHA-256 of all
    /// paths, in their order, and the pipeline's hash. The same command always finds its run again.
    /// </summary>
    /// <param name="inputs">The full paths of the inputs, at least one.</param>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="pipelineHash">The pipeline's hash.</param>
    /// <exception cref="ArgumentException">There is no input, or the pipeline's name leaves no room or is not one.</exception>
    public static RunName Derive(IReadOnlyList<string> inputs, string pipelineName, string pipelineHash)
    {
        if (inputs.Count == 0)
        {
            throw new ArgumentException("A run has at least one input.", nameof(inputs));
        }

        // No path holds a NUL character, so the parts cannot run together.
        var key = string.Join('\0', inputs.Append(pipelineHash));
        var digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..HashDigits];
        var end = $"-{pipelineName}-{digits}";
        var stem = Sanitise(Path.GetFileName(Path.TrimEndingDirectorySeparator(inputs[0])), Math.Max(Longest - end.Length, 1));
        return new RunName(stem + end);
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string Sanitise(string text, int longest)
    {
        var name = new StringBuilder();
        foreach (var c in text)
        {
            if (name.Length < longest && (IsAllowed(c) || (name.Length > 0 && name[^1] != '-')))
            {
                name.Append(IsAllowed(c) ? c : '-');
            }
        }

        var clean = name.ToString().TrimStart('.', '-').TrimEnd('-');
        return clean.Length > 0 ? clean : "run"[..Math.Min(longest, 3)];
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
