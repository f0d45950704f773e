namespace ActorCluster.Core.Pipelines;

/// <summary>What the median filter runs over.</summary>
public enum MedianOver
{
    /// <summary>Each class's probability; the label is the class of the highest result.</summary>
    Probabilities,

    /// <summary>The class indices.</summary>
    Labels,
}
