using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>The prediction files in a run's folder.</summary>
public static class RunPredictions
{
    /// <summary>Reads a video's predictions, in whatever format they are there.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="videoId">The video's id.</param>
    /// <returns>The predictions; null where there are none.</returns>
    /// <exception cref="PredictionFormatException">The file is damaged.</exception>
    public static FramePredictions? Read(RunDirectory folder, string videoId)
    {
        if (File.Exists(folder.PredictionCsv(videoId)))
        {
            using var csv = File.OpenRead(folder.PredictionCsv(videoId));
            return PredictionCsv.Read(csv);
        }

        if (File.Exists(folder.PredictionParquet(videoId)))
        {
            using var parquet = File.OpenRead(folder.PredictionParquet(videoId));
            return PredictionParquet.ReadAsync(parquet).GetAwaiter().GetResult();
        }

        return null;
    }
}
