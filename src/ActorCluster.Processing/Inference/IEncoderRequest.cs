namespace ActorCluster.Processing.Inference;

/// <summary>Rows for an encoder.</summary>
internal interface IEncoderRequest
{
    /// <summary>The number of rows.</summary>
    int Count { get; }
}
