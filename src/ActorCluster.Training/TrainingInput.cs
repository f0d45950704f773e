using ActorCluster.Core.Labels;

namespace ActorCluster.Training;

/// <summary>One video to learn from, as files.</summary>
/// <param name="Id">The video's id.</param>
/// <param name="Features">Its features, a <see cref="Storage.FrameFeatureFile"/>.</param>
/// <param name="Labels">Its labels, a <see cref="LabelFile"/>; null when none are known.</param>
/// <param name="Split">What it is for.</param>
public sealed record TrainingInput(string Id, string Features, string? Labels, DatasetSplit Split);
