namespace ActorCluster.Training.Ablation;

/// <summary>What somebody else published for the same settings.</summary>
/// <param name="Accuracy">Accuracy, 0 to 1.</param>
/// <param name="F1">Macro F1 over eight classes, 0 to 1.</param>
public sealed record PublishedScore(double Accuracy, double F1);
