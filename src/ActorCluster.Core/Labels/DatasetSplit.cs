namespace ActorCluster.Core.Labels;

/// <summary>What a video is for.</summary>
public enum DatasetSplit
{
    /// <summary>Weights are learned from it.</summary>
    Train,

    /// <summary>Choices are made on it: epochs, settings, thresholds.</summary>
    Validation,

    /// <summary>It is only scored, once.</summary>
    Test,
}
