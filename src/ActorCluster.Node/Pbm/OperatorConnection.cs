using System.Security.Cryptography.X509Certificates;
using ActorCluster.Operator;
using ActorCluster.Storage;

namespace ActorCluster.Node.Pbm;

/// <summary>How commands find and address nodes.</summary>
internal static class OperatorConnection
{
    /// <summary>The variable with the token that nodes ask for.</summary>
    public const string TokenVariable = "ACTORCLUSTER_TOKEN";

    /// <summary>Makes a client, which connects to nothing yet.</summary>
    /// <param name="nodes">The nodes to turn to.</param>
    /// <param name="authorities">The file with those who may have signed the nodes' certificates (PEM); null for those whom this machine trusts.</param>
    /// <exception cref="UsageException">The token or the file cannot be used.</exception>
    public static OperatorClient Open(IEnumerable<string> nodes, string? authorities = null)
    {
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        if (token is { Length: > 0 } && !OperatorSettings.IsToken(token))
        {
            throw new UsageException($"{TokenVariable} has no token: a token has {OperatorSettings.ShortestToken} to {OperatorSettings.LongestToken} letters, digits or signs, and no spaces.");
        }

        return new OperatorClient([.. nodes], token is { Length: > 0 } ? token : null, authorities is null ? null : Read(authorities));
    }

    private static X509Certificate2Collection Read(string file)
    {
        try
        {
            return PemFiles.ReadAll(file);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException($"--ca: '{RunWords.OneLine(file)}' cannot be used: {e.Message}", e);
        }
    }
}
