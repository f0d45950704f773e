namespace ActorCluster.Operator.Comparing;

/// <summary>A video that two runs have completed and that cannot be compared.</summary>
/// <param name="Video">Its id.</param>
/// <param name="Why">What prevents it.</param>
internal sealed record LeftOutVideo(string Video, string Why);
