using ActorCluster.Core;
using Parquet;
using Parquet.Schema;

namespace ActorCluster.Storage;

/// <summary>
/// The predictions of many videos in one Parquet file: a column <c>id</c> before those of <see cref="PredictionParquet"/>. Row groups of
/// <see cref="PredictionParquet.RowGroupRows"/> rows, whatever the videos' lengths.
/// </summary>
public static class MergedParquet
{
    private const string Id = "id";
    private static readonly ParquetSchema Schema = new([new DataField(Id, typeof(string), isNullable: false), .. PredictionRows.Fields()]);

    /// <summary>Writes videos as they come; holds one row group, and one video.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="videos">The videos' ids and predictions.</param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <returns>How many rows were written.</returns>
    public static async Task<long> WriteAsync(Stream stream, IEnumerable<(string Id, FramePredictions Predictions)> videos, CancellationToken cancellation = default)
    {
        await using var writer = await ParquetWriter.CreateAsync(Schema, stream, PredictionRows.Options(), append: false, cancellation);
        var (parts, held, written) = (new List<(string Id, PredictionRows.Part Rows)>(), 0, 0L);

        async Task FlushAsync()
        {
            using var group = writer.CreateRowGroup();
            var ids = parts.SelectMany(p => Enumerable.Repeat(p.Id, p.Rows.Count)).ToArray();
            await group.WriteAsync(Schema.DataFields[0], ids);
            await PredictionRows.WriteAsync(group, Schema.DataFields.Skip(1), [.. parts.Select(p => p.Rows)], cancellation);
            group.CompleteValidate();
            (written, held) = (written + held, 0);
            parts.Clear();
        }

        foreach (var (id, predictions) in videos)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var start = 0; start < predictions.Count;)
            {
                var count = Math.Min(predictions.Count - start, PredictionParquet.RowGroupRows - held);
                parts.Add((id, new PredictionRows.Part(predictions, start, count)));
                (start, held) = (start + count, held + count);
                if (held == PredictionParquet.RowGroupRows)
                {
                    await FlushAsync();
                }
            }
        }

        if (held > 0)
        {
            await FlushAsync();
        }

        return written;
    }
}
