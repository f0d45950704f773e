using ActorCluster.Core;
using Parquet;
using Parquet.Schema;

namespace ActorCluster.Storage;

/// <summary>
/// Predictions as Parquet, with the columns of <see cref="PredictionCsv"/>: <c>frame</c> int32, <c>pts_seconds</c> double, <c>label</c> string,
/// <c>p_*</c> double, the flags boolean; none nullable. Zstandard, at most <see cref="RowGroupRows"/> rows per row group, the schema's version
/// in the file's metadata (<c>actorcluster.schema_version</c>). The same predictions give the same bytes with the same library version.
/// </summary>
public static class PredictionParquet
{
    /// <summary>Rows per row group, which bounds the memory that writing takes beside the predictions.</summary>
    public const int RowGroupRows = 1 << 17;

    private const string VersionKey = "actorcluster.schema_version";
    private const string Version = "1";

    private static readonly ParquetSchema Schema = new(PredictionRows.Fields());

    /// <summary>Writes a video's predictions.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="predictions">The predictions. <see cref="FrameFlags.Voted"/> is not written.</param>
    /// <param name="cancellation">Stops the writing.</param>
    public static async Task WriteAsync(Stream stream, FramePredictions predictions, CancellationToken cancellation = default)
    {
        await using var writer = await ParquetWriter.CreateAsync(Schema, stream, PredictionRows.Options(), append: false, cancellation);
        writer.CustomMetadata = new Dictionary<string, string> { [VersionKey] = Version };
        for (var start = 0; start < predictions.Count; start += RowGroupRows)
        {
            using var group = writer.CreateRowGroup();
            await PredictionRows.WriteAsync(group, Schema.DataFields, [new PredictionRows.Part(predictions, start, Math.Min(RowGroupRows, predictions.Count - start))], cancellation);
            group.CompleteValidate();
        }
    }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote, exactly.</summary>
    /// <param name="stream">A seekable stream.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="PredictionFormatException">The content is not such a file.</exception>
    public static async Task<FramePredictions> ReadAsync(Stream stream, CancellationToken cancellation = default)
    {
        try
        {
            await using var reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true, cancellationToken: cancellation);
            var version = reader.CustomMetadata?.GetValueOrDefault(VersionKey);
            if (version != Version || !reader.Schema.Equals(Schema))
            {
                throw new PredictionFormatException(
                    $"The schema is not that of version {Version} of the predictions (found version {version ?? "none"}).");
            }

            var groups = reader.RowGroups.ToList();
            var rows = groups.Sum(group => group.RowCount);
            if (rows < 0 || rows > Array.MaxLength / Expressions.Count || groups.Any(group => group.RowCount is < 0 or > RowGroupRows))
            {
                throw new PredictionFormatException($"The file claims {rows} rows in {groups.Count} row groups.");
            }

            var table = new PredictionTable((int)rows);
            var start = 0;
            foreach (var group in groups)
            {
                await ReadGroupAsync(group, table, start, cancellation);
                start += (int)group.RowCount;
            }

            return table.ToPredictions();
        }
        catch (Exception e) when (e is not (PredictionFormatException or OperationCanceledException or UnauthorizedAccessException))
        {
            // The library reports damage by whatever its decoders run into.
            throw new PredictionFormatException($"The file is not a Parquet file of predictions: {e.Message}", e);
        }
    }

    private static async Task ReadGroupAsync(ParquetRowGroupReader group, PredictionTable table, int start, CancellationToken cancellation)
    {
        var rows = (int)group.RowCount;
        var fields = new Queue<DataField>(Schema.DataFields);

        async Task<T[]> ReadColumn<T>()
            where T : struct
        {
            var column = new T[rows];
            await group.ReadAsync<T>(fields.Dequeue(), column, cancellationToken: cancellation);
            return column;
        }

        var frames = await ReadColumn<int>();
        if (Enumerable.Range(start + 1, rows).SequenceEqual(frames) is false)
        {
            throw new PredictionFormatException($"The frames from row {start + 1} on do not count up from {start + 1}.");
        }

        (await ReadColumn<double>()).CopyTo(table.PtsSeconds, start);
        var labels = new string[rows];
        await group.ReadAsync(fields.Dequeue(), labels, cancellationToken: cancellation);
        for (var i = 0; i < rows; i++)
        {
            table.Labels[start + i] = PredictionColumns.ParseLabel(labels[i])
                ?? throw new PredictionFormatException($"Frame {start + i + 1} has the label '{labels[i]}', which is not a class.");
        }

        for (var c = 0; c < Expressions.Count; c++)
        {
            var column = await ReadColumn<double>();
            for (var i = 0; i < rows; i++)
            {
                table.Probabilities[((start + i) * Expressions.Count) + c] = column[i];
            }
        }

        foreach (var (_, flag) in PredictionColumns.Flags)
        {
            var column = await ReadColumn<bool>();
            for (var i = 0; i < rows; i++)
            {
                table.Flags[start + i] |= column[i] ? flag : 0;
            }
        }
    }

    private sealed class PredictionTable(int rows)
    {
        public double[] PtsSeconds { get; } = new double[rows];

        public Expression[] Labels { get; } = new Expression[rows];

        public double[] Probabilities { get; } = new double[rows * Expressions.Count];

        public FrameFlags[] Flags { get; } = new FrameFlags[rows];

        public FramePredictions ToPredictions() => new(PtsSeconds, Labels, Probabilities, Flags);
    }
}
