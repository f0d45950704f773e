using ActorCluster.Core;
using Parquet;
using Parquet.Schema;

namespace ActorCluster.Storage.Tests;

public sealed class MergedParquetTests
{
    [Fact]
    public async Task WriteAsync_VideosOfAllLengths_KeepsEveryRowInOrderInGroupsOfOneSize()
    {
        var lengths = new[] { 10, PredictionParquet.RowGroupRows + 5, 0, 1, PredictionParquet.RowGroupRows - 16, 7 };
        var videos = lengths.Select((n, i) => (Id: $"video ünï {i}", Predictions: PredictionSamples.Make(n, i + 1))).ToList();
        using var stream = new MemoryStream();

        var rows = await MergedParquet.WriteAsync(stream, videos);

        Assert.Equal(lengths.Sum(), rows);
        stream.Position = 0;
        await using var reader = await ParquetReader.CreateAsync(stream);
        Assert.Equal([PredictionParquet.RowGroupRows, PredictionParquet.RowGroupRows, 7L], reader.RowGroups.Select(g => g.RowCount));
        Assert.Equal(["id", .. PredictionCsv.Header.Split(',')], reader.Schema.DataFields.Select(f => f.Name));
        Assert.All(reader.Schema.DataFields, f => Assert.False(f.IsNullable));
        var ids = new List<string>();
        var frames = new List<int>();
        var happiness = new List<double>();
        foreach (var group in reader.RowGroups)
        {
            var text = new string[group.RowCount];
            await group.ReadAsync(Field(reader, "id"), text);
            ids.AddRange(text);
            frames.AddRange(await ReadAsync<int>(reader, group, "frame"));
            happiness.AddRange(await ReadAsync<double>(reader, group, "p_happiness"));
        }

        Assert.Equal(videos.SelectMany(v => Enumerable.Repeat(v.Id, v.Predictions.Count)), ids);
        Assert.Equal(lengths.SelectMany(n => Enumerable.Range(1, n)), frames);
        Assert.Equal(videos.SelectMany(v => Enumerable.Range(0, v.Predictions.Count).Select(i => v.Predictions.Probability(i, Expression.Happiness))), happiness);
    }

    [Fact]
    public async Task WriteAsync_Cancelled_StopsBetweenVideos()
    {
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MergedParquet.WriteAsync(Stream.Null, Endless(cancellation), cancellation.Token));
    }

    private static IEnumerable<(string, FramePredictions)> Endless(CancellationTokenSource cancellation)
    {
        yield return ("a", PredictionSamples.Make(3, 1));
        cancellation.Cancel();
        yield return ("b", PredictionSamples.Make(3, 2));
        throw new InvalidOperationException("It went on.");
    }

    private static DataField Field(ParquetReader reader, string name) => reader.Schema.DataFields.Single(f => f.Name == name);

    private static async Task<T[]> ReadAsync<T>(ParquetReader reader, ParquetRowGroupReader group, string name)
        where T : struct
    {
        var column = new T[group.RowCount];
        await group.ReadAsync<T>(Field(reader, name), column);
        return column;
    }
}
