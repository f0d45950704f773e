namespace ActorCluster.Processing.Runs;

/// <summary>How the run of one uploaded video ended.</summary>
/// <param name="Video">The video's id, under which the run's folder has its predictions.</param>
/// <param name="Stage">Where it failed, if it did: the fault is its own.</param>
/// <param name="Cause">Why; empty when its predictions are there.</param>
public sealed record PredictionEnd(string Video, string Stage, string Cause)
{
    /// <summary>Whether its predictions are there.</summary>
    public bool IsCompleted => Cause.Length == 0;
}
