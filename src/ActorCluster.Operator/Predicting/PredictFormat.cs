namespace ActorCluster.Operator.Predicting;

/// <summary>What predictions are sent as.</summary>
internal enum PredictFormat
{
    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>The bytes of the CSV file.</summary>
    Csv,

    /// <summary>The bytes of the Parquet file.</summary>
    Parquet,
}
