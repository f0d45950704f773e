namespace ActorCluster.Storage;

/// <summary>The layout of one run's folder. Made by <see cref="DataDirectory.Run"/>.</summary>
public sealed class RunDirectory
{
    internal RunDirectory(string root) => Root = root;

    /// <summary>The run's folder.</summary>
    public string Root { get; }

    /// <summary>The frozen manifest.</summary>
    public string Manifest => Path.Combine(Root, "manifest.jsonl");

    /// <summary>The frozen pipeline.</summary>
    public string Pipeline => Path.Combine(Root, "pipeline.json");

    /// <summary>Which stored features are the run's.</summary>
    public string Features => Path.Combine(Root, "features.json");

    /// <summary>What the run was submitted with, for extending it.</summary>
    public string Inputs => Path.Combine(Root, "inputs.json");

    /// <summary>All predictions in one file.</summary>
    public string Export => Path.Combine(Root, "export.parquet");

    /// <summary>The folder of prediction files.</summary>
    public string Predictions => Path.Combine(Root, "predictions");

    /// <summary>The report.</summary>
    public string Report => Path.Combine(Root, "report.html");

    /// <summary>The summary.</summary>
    public string Summary => Path.Combine(Root, "summary.json");

    /// <summary>The list of quarantined videos.</summary>
    public string Quarantine => Path.Combine(Root, "quarantine.csv");

    /// <summary>The folder of chunk plans.</summary>
    public string Plans => Path.Combine(Root, "plans");

    /// <summary>A video's chunk plan.</summary>
    /// <param name="videoId">The video's id.</param>
    public string Plan(string videoId) => Path.Combine(Plans, OutputNames.FileStem(videoId) + ".json");

    /// <summary>A video's predictions as CSV.</summary>
    /// <param name="videoId">The video's id.</param>
    public string PredictionCsv(string videoId) => Path.Combine(Predictions, OutputNames.FileStem(videoId) + ".csv");

    /// <summary>A video's predictions as Parquet.</summary>
    /// <param name="videoId">The video's id.</param>
    public string PredictionParquet(string videoId) => Path.Combine(Predictions, OutputNames.FileStem(videoId) + ".parquet");
}
