using ActorCluster.Core.Scoring;

namespace ActorCluster.Node.Scoring;

/// <summary>What was counted in one video.</summary>
/// <param name="Id">The video's id.</param>
/// <param name="All">Over all labelled frames.</param>
/// <param name="WithFace">Over the labelled frames with a face; null where the predictions do not tell.</param>
/// <param name="Notices">What is to be known of it.</param>
internal sealed record VideoScore(string Id, ConfusionMatrix All, ConfusionMatrix? WithFace, IReadOnlyList<string> Notices);
