namespace ActorCluster.Core.Scoring;

/// <summary>How far two runs agree about one video.</summary>
/// <param name="Video">The video's id.</param>
/// <param name="Frames">Its frames.</param>
/// <param name="Agreement">Share of the frames that both give the same label, 0 to 1.</param>
/// <param name="A">The label that the first run gives most frames, the first of several.</param>
/// <param name="B">The label that the second run gives most frames.</param>
/// <param name="F1OfA">Macro F1 of the first run's predictions, 0 to 1; null where no frame has a label of its own.</param>
/// <param name="F1OfB">Macro F1 of the second run's.</param>
public sealed record VideoAgreement(string Video, int Frames, double Agreement, Expression A, Expression B, double? F1OfA, double? F1OfB);
