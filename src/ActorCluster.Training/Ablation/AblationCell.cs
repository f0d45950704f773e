namespace ActorCluster.Training.Ablation;

/// <summary>One cell of a grid.</summary>
/// <param name="Name">Tells it from the others; letters, digits, spaces and <c>. , = + _ -</c>, for it names a folder.</param>
/// <param name="Config">What it trains with.</param>
/// <param name="Published">What was published for it; null for nothing.</param>
public sealed record AblationCell(string Name, TrainingConfig Config, PublishedScore? Published);
