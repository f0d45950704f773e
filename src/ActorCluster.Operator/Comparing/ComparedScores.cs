namespace ActorCluster.Operator.Comparing;

/// <summary>How well two runs do against the same labels.</summary>
/// <param name="A">The first run.</param>
/// <param name="B">The second run.</param>
/// <param name="Frames">Frames with a label.</param>
internal sealed record ComparedScores(ComparedScore A, ComparedScore B, long Frames);
