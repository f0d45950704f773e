using ActorCluster.Core;
using Parquet;
using Parquet.Schema;

namespace ActorCluster.Storage;

/// <summary>The columns of predictions in Parquet, and how rows of them are written.</summary>
internal static class PredictionRows
{
    /// <summary>The columns of <see cref="PredictionColumns"/>, none nullable.</summary>
    public static IEnumerable<Field> Fields() =>
    [
        new DataField<int>(PredictionColumns.Frame),
        new DataField<double>(PredictionColumns.PtsSeconds),
        new DataField(PredictionColumns.Label, typeof(string), isNullable: false),
        .. Expressions.ProbabilityColumns.Select(name => new DataField<double>(name)),
        .. PredictionColumns.Flags.Select(flag => new DataField<bool>(flag.Name)),
    ];

    /// <summary>Zstandard.</summary>
    public static ParquetOptions Options() => new()
    {
        CompressionMethod = CompressionMethod.Zstd,
        CompressionLevel = System.IO.Compression.CompressionLevel.Fastest,
        // The library's buffer pool would otherwise grow with the largest file and never shrink.
        MaximumSmallPoolFreeBytes = 16 << 20,
        MaximumLargePoolFreeBytes = 64 << 20,
    };

    /// <summary>Writes the columns of one row group.</summary>
    /// <param name="group">The row group.</param>
    /// <param name="columns">Its columns, those of <see cref="Fields"/>.</param>
    /// <param name="parts">Its rows, in their order.</param>
    /// <param name="cancellation">Stops the writing.</param>
    public static async Task WriteAsync(ParquetRowGroupWriter group, IEnumerable<DataField> columns, IReadOnlyList<Part> parts, CancellationToken cancellation)
    {
        var (fields, rows) = (new Queue<DataField>(columns), parts.Sum(p => p.Count));

        T[] Column<T>(Func<FramePredictions, int, T> valueOf)
        {
            var (column, at) = (new T[rows], 0);
            foreach (var part in parts)
            {
                for (var row = part.Start; row < part.Start + part.Count; row++)
                {
                    column[at++] = valueOf(part.Predictions, row);
                }
            }

            return column;
        }

        Task WriteColumn<T>(Func<FramePredictions, int, T> valueOf)
            where T : struct => group.WriteAsync<T>(fields.Dequeue(), Column(valueOf), cancellationToken: cancellation);

        await WriteColumn((_, row) => row + 1);
        await WriteColumn((p, row) => p.PtsSeconds[row]);
        await group.WriteAsync(fields.Dequeue(), Column((p, row) => Expressions.Names[(int)p.Labels[row]]));
        for (var c = 0; c < Expressions.Count; c++)
        {
            var expression = (Expression)c;
            await WriteColumn((p, row) => p.Probability(row, expression));
        }

        foreach (var (_, flag) in PredictionColumns.Flags)
        {
            await WriteColumn((p, row) => (p.Flags[row] & flag) != 0);
        }
    }

    /// <summary>Some rows of a video's predictions.</summary>
    /// <param name="Predictions">The video's predictions.</param>
    /// <param name="Start">The first row.</param>
    /// <param name="Count">How many.</param>
    internal readonly record struct Part(FramePredictions Predictions, int Start, int Count);
}
