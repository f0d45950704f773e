namespace ActorCluster.Training.SampleData;

/// <summary>A stretch in which no face is to be seen, in seconds from the video's start.</summary>
/// <param name="Start">Its first moment.</param>
/// <param name="End">Its end, exclusive.</param>
/// <param name="Kind">What is to be seen instead.</param>
internal readonly record struct Absence(double Start, double End, AbsenceKind Kind);
