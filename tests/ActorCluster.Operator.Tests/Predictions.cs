using ActorCluster.Core;
using ActorCluster.Storage;

namespace ActorCluster.Operator.Tests;

/// <summary>Real prediction files, as a run leaves them.</summary>
internal static class Predictions
{
    private const double Rate = 25;

    /// <summary>Predictions whose labels are given; each is certain.</summary>
    public static FramePredictions Of(params IReadOnlyList<Expression> labels) => new(
        [.. labels.Select((_, i) => i / Rate)],
        [.. labels],
        [.. labels.SelectMany(label => Enumerable.Range(0, Expressions.Count).Select(c => c == (int)label ? 1.0 : 0.0))],
        [.. labels.Select(_ => FrameFlags.FacePresent | FrameFlags.Decoded)]);

    /// <summary>Writes a video's predictions into a run's folder, in one format or both.</summary>
    public static void Write(RunDirectory folder, string video, FramePredictions predictions, bool csv = true, bool parquet = false)
    {
        if (csv)
        {
            AtomicFile.Write(folder.PredictionCsv(video), stream => PredictionCsv.Write(stream, predictions));
        }

        if (parquet)
        {
            AtomicFile.Write(folder.PredictionParquet(video), stream => PredictionParquet.WriteAsync(stream, predictions).GetAwaiter().GetResult());
        }
    }
}
