using System.Data.Common;

namespace ActorCluster.Node.Settings;

/// <summary>What of a connection string must not be shown.</summary>
internal static class ConnectionSecrets
{
    private const string Mask = "***";

    /// <summary>What is wrong with a connection string; null when nothing is. Never quotes it.</summary>
    public static string? Wrong(string connection) => Parse(connection) switch
    {
        null => "it is no connection string; give it as Host=…;Database=…;Username=…;Password=…",
        var parts when !parts.ContainsKey("Host") && !parts.ContainsKey("Server") =>
            "the connection string names no Host. State is kept in PostgreSQL; for SQLite in the data folder leave the key out",
        _ => null,
    };

    /// <summary>The connection string with its passwords masked; all of it if it cannot be understood.</summary>
    public static string Masked(string connection)
    {
        if (Parse(connection) is not { } parts)
        {
            return Mask;
        }

        foreach (var key in SecretKeys(parts))
        {
            parts[key] = Mask;
        }

        return parts.ConnectionString;
    }

    /// <summary>The passwords in it.</summary>
    public static IEnumerable<string> In(string connection) => Parse(connection) is { } parts ? [.. SecretKeys(parts).Select(k => (string)parts[k])] : [connection];

    private static List<string> SecretKeys(DbConnectionStringBuilder parts) =>
        [.. parts.Keys.Cast<string>().Where(k => k.Contains("password", StringComparison.OrdinalIgnoreCase) || k.Equals("pwd", StringComparison.OrdinalIgnoreCase))];

    private static DbConnectionStringBuilder? Parse(string connection)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = connection };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
