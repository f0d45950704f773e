namespace ActorCluster.Training;

/// <summary>The weights of the classes in the loss.</summary>
public enum ClassWeighting
{
    /// <summary>1 each.</summary>
    None,

    /// <summary>Inverse to the class's number of labelled training frames, their mean over all labelled training frames 1: N / (c N_k) with c classes that occur; 0 for a class that does not.</summary>
    Balanced,
}
