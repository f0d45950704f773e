namespace ActorCluster.Training.SampleData;

/// <summary>What sample set to make.</summary>
/// <param name="Folder">Where to; missing, empty, or a sample set of the same seed.</param>
/// <param name="Videos">How many videos, 1 to <see cref="MaxVideos"/>.</param>
/// <param name="Seed">What all chance comes from: the same seed gives the same set.</param>
/// <param name="Jobs">How many videos are made at a time, at least 1; the set does not depend on it.</param>
public sealed record SampleSetOptions(string Folder, int Videos, ulong Seed, int Jobs)
{
    /// <summary>The largest set.</summary>
    public const int MaxVideos = 10_000;
}
