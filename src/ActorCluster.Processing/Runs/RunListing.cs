using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>One run in a list of all.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pipeline">Its pipeline's name.</param>
/// <param name="Videos">Videos in its manifest.</param>
/// <param name="Ended">Whether every video has ended.</param>
public sealed record RunListing(string Name, string Pipeline, int Videos, bool Ended) : IWireMessage;
