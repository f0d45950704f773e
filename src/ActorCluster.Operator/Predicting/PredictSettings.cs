namespace ActorCluster.Operator;

/// <summary>What <c>POST /v1/predict</c> may cost a node. Uploads take no more of its disk than <see cref="LargestUpload"/> times <see cref="MostAtOnce"/>.</summary>
public sealed record PredictSettings
{
    /// <summary>The most bytes of an uploaded video.</summary>
    public long LargestUpload { get; init; } = 512L << 20;

    /// <summary>How long a prediction may take, its upload included.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How many are in flight at a time; who comes then is asked to come again.</summary>
    public int MostAtOnce { get; init; } = 4;
}
