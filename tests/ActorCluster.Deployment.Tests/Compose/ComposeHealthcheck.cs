namespace ActorCluster.Deployment.Tests.Compose;

/// <summary>How compose tells whether a service is healthy.</summary>
internal sealed class ComposeHealthcheck
{
    public List<string> Test { get; set; } = [];

    public string Interval { get; set; } = "";

    public string Timeout { get; set; } = "";

    public int Retries { get; set; }
}
