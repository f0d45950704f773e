namespace ActorCluster.Tests.Telemetry;

/// <summary>A metric of a scrape with its series.</summary>
internal sealed record PrometheusFamily(string Name, string Type, List<PrometheusSample> Samples)
{
    private static readonly string[] OfHistogram = ["_bucket", "_sum", "_count"];

    /// <summary>Whether a sample of this name belongs to it.</summary>
    public bool Has(string sample) => Type == "histogram" ? OfHistogram.Any(suffix => sample == Name + suffix) : sample == Name;

    /// <summary>The value of the one series that has these labels.</summary>
    public double Value(params (string Name, string Value)[] labels) => Assert.Single(Samples, s => labels.All(l => s.Labels.GetValueOrDefault(l.Name) == l.Value)).Value;
}
