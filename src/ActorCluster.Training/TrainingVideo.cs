using System.Collections.Immutable;
using ActorCluster.Storage;

namespace ActorCluster.Training;

/// <summary>A video's features with a label for every frame.</summary>
/// <param name="Id">The video's id.</param>
/// <param name="Features">Its features, open.</param>
/// <param name="Labels">The label of each frame, [n]: 0 to 7, or -1 for none.</param>
public sealed record TrainingVideo(string Id, FrameFeatures Features, ImmutableArray<sbyte> Labels);
