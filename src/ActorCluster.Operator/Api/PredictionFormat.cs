namespace ActorCluster.Operator;

/// <summary>How predictions are sent.</summary>
internal enum PredictionFormat
{
    /// <summary>See <see cref="PredictionJson"/>.</summary>
    Json,

    /// <summary>See <see cref="Storage.PredictionCsv"/>.</summary>
    Csv,

    /// <summary>See <see cref="Storage.PredictionParquet"/>.</summary>
    Parquet,
}
