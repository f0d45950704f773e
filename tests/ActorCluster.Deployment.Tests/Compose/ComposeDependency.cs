namespace ActorCluster.Deployment.Tests.Compose;

/// <summary>What a service waits for in another.</summary>
internal sealed class ComposeDependency
{
    public string Condition { get; set; } = "";
}
