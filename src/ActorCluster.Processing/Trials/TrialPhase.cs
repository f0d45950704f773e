namespace ActorCluster.Processing.Trials;

/// <summary>Where a trial of an ablation is.</summary>
public enum TrialPhase
{
    /// <summary>It waits for a slot.</summary>
    Waiting,

    /// <summary>A node works on it.</summary>
    Running,

    /// <summary>Its result is stored.</summary>
    Ended,
}
