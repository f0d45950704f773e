using System.Text.Json.Nodes;
using ActorCluster.Operator;
using ActorCluster.Processing.Hosting;

namespace ActorCluster.Node.Settings;

/// <summary>What <c>actorcluster node</c> was asked to do.</summary>
/// <param name="Settings">The node's own settings.</param>
/// <param name="Data">The data folder's full path.</param>
/// <param name="Operator">Where it answers its operators.</param>
/// <param name="Effective">Every setting with its value and where that comes from, secrets masked.</param>
internal sealed record NodeOptions(NodeSettings Settings, string Data, OperatorSettings Operator, JsonObject Effective)
{
    /// <summary>The OTLP collector that metrics and traces are sent to; null for none.</summary>
    public Uri? Collector { get; init; }

    /// <summary>Whether the log is JSON lines.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Texts that must appear nowhere.</summary>
    public IEnumerable<string> Secrets => [.. Settings.State is { } state ? ConnectionSecrets.In(state) : [], .. Operator.Token is { } token ? (string[])[token] : []];
}
