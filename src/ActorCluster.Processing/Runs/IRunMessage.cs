using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>A message that sharding delivers to a run's actor.</summary>
internal interface IRunMessage : IWireMessage
{
    /// <summary>The run's name.</summary>
    string Run { get; }
}
