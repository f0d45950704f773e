namespace ActorCluster.Tests.Telemetry;

/// <summary>One line of a scrape.</summary>
internal sealed record PrometheusSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
