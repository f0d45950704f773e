using ActorCluster.Operator;

namespace ActorCluster.Node.Pbm;

/// <summary>What the client was started with: its own switches, and the words that are the node's to understand.</summary>
/// <param name="Nodes">The nodes to turn to.</param>
/// <param name="Words">The command; empty for a prompt.</param>
/// <param name="IsJson">Whether answers are to be JSON.</param>
/// <param name="Authorities">The file with those who may have signed the nodes' certificates; null for those whom this machine trusts.</param>
internal sealed record PbmArguments(IReadOnlyList<string> Nodes, IReadOnlyList<string> Words, bool IsJson, string? Authorities)
{
    private const string NodeSwitch = "--node";
    private const string AuthoritiesSwitch = "--ca";

    /// <summary>What the client itself takes, in lines.</summary>
    public static IReadOnlyList<string> Help { get; } =
    [
        $"  {NodeSwitch} HOST:PORT  a node's operator address, by default 127.0.0.1:{OperatorSettings.DefaultPort}; given again, nodes to turn to; https://HOST:PORT with TLS",
        $"  {AuthoritiesSwitch} FILE         who signed the certificates of nodes with TLS (PEM), if this machine does not trust them anyway",
        "  --json            an object a line",
        $"If the nodes ask for a token, {OperatorConnection.TokenVariable} has it.",
    ];

    /// <summary>Takes the client's own switches out of a command line. What is behind <c>--</c> is left alone.</summary>
    /// <param name="words">The command line, without the executable and the verb.</param>
    /// <exception cref="UsageException">A value is missing or wrong.</exception>
    public static PbmArguments Parse(IReadOnlyList<string> words)
    {
        var (nodes, left, json, authorities) = (new List<string>(), new List<string>(), false, (string?)null);
        var i = 0;
        for (; i < words.Count && OperatorClient.IsAddress(words[i]); i++)
        {
            nodes.Add(words[i]);
        }

        for (; i < words.Count && words[i] != "--"; i++)
        {
            if (words[i] is "-json" or "--json")
            {
                json = true;
            }
            else if (ValueOf(NodeSwitch, words, ref i) is { } node)
            {
                nodes.Add(OperatorClient.IsAddress(node)
                    ? node
                    : throw new UsageException($"{NodeSwitch}: '{RunWords.OneLine(node)}' is no node's address; give it as host:port, such as 127.0.0.1:{OperatorSettings.DefaultPort}."));
            }
            else if (ValueOf(AuthoritiesSwitch, words, ref i) is { } file)
            {
                authorities = file;
            }
            else
            {
                left.Add(words[i]);
            }
        }

        left.AddRange(words.Skip(i));
        return new PbmArguments(nodes.Count > 0 ? nodes : [$"127.0.0.1:{OperatorSettings.DefaultPort}"], left, json, authorities);
    }

    private static string? ValueOf(string name, IReadOnlyList<string> words, ref int i)
    {
        if (words[i].StartsWith(name + '=', StringComparison.Ordinal))
        {
            return words[i][(name.Length + 1)..];
        }

        return words[i] != name ? null : ++i < words.Count ? words[i] : throw new UsageException($"{name} needs a value.");
    }
}
