namespace ActorCluster.Deployment.Tests.Compose;

/// <summary>How a service's image is built.</summary>
internal sealed class ComposeBuild
{
    public string Context { get; set; } = "";

    public string Dockerfile { get; set; } = "";
}
