namespace ActorCluster.Cluster.Tests;

/// <summary>Scenarios run one after another, with the same videos.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<Workload>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "cluster";
}
