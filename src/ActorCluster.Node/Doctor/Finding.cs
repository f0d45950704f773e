namespace ActorCluster.Node.Doctor;

/// <summary>Something about a data set that is to be known.</summary>
/// <param name="IsProblem">Whether training or a submission would break on it; else it is a notice.</param>
/// <param name="Subject">The video or file.</param>
/// <param name="Text">What it is, as a sentence.</param>
internal sealed record Finding(bool IsProblem, string Subject, string Text);
