namespace ActorCluster.Training.SampleData;

/// <summary>What a video is for. No speaker is in two splits.</summary>
internal enum DatasetSplit
{
    /// <summary>To fit weights.</summary>
    Train,

    /// <summary>To choose among fitted weights.</summary>
    Validation,

    /// <summary>To report.</summary>
    Test,
}
