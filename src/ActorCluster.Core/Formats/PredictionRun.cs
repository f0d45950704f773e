using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace ActorCluster.Core.Formats;

/// <summary>
/// Names of runs that process one uploaded video and are removed with its answer: <c>predict-[Unix time]-[32 hexadecimal digits]</c>. The time is when nobody waits
/// for the run any more, so that any node can tell what another one has left behind.
/// </summary>
public static class PredictionRun
{
    /// <summary>What the names begin with. No run that is submitted can be called so.</summary>
    public const string Prefix = "predict-";

    private const int Digits = 32;
    private const int TimeDigits = 12; // Enough for 30,000 years, and always as many: names of the same length are told from others at a glance.

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Makes a name that nobody can guess.</summary>
    /// <param name="until">When the run is waited for no longer.</param>
    public static string NewName(DateTimeOffset until) => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}{until.ToUnixTimeSeconds().ToString("D" + TimeDigits, CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(Digits, lowercase: true)}");

    /// <summary>Whether a name is kept for such runs, whoever asks for it.</summary>
    public static bool Reserves(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a name is one that <see cref="NewName"/> makes.</summary>
    public static bool IsName(string name) => UntilOf(name) is not null;

    /// <summary>When a run is waited for no longer; null where the name is not one that <see cref="NewName"/> makes.</summary>
    public static DateTimeOffset? UntilOf(string name)
    {
        const int Dash = TimeDigits;
        if (!Reserves(name) || name.Length != Prefix.Length + TimeDigits + 1 + Digits)
        {
            return null;
        }

        var rest = name.AsSpan(Prefix.Length);
        return rest[Dash] == '-'
            && !rest[(Dash + 1)..].ContainsAnyExcept(HexDigits)
            && long.TryParse(rest[..Dash], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
    }
}
