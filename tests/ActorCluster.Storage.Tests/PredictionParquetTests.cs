using ActorCluster.Core;
using CsCheck;
using Parquet;

namespace ActorCluster.Storage.Tests;

public sealed class PredictionParquetTests
{
    [Fact]
    public async Task WriteAsync_AnyPredictions_ReadBackEqual() => await PredictionSamples.Any.SampleAsync(
        async predictions => PredictionSamples.AssertEqual(predictions, await Read(await Bytes(predictions))), iter: 30);

    [Fact]
    public async Task WriteAsync_Twice_GivesTheSameBytes()
    {
        var predictions = PredictionSamples.Make(3000, 5);
        Assert.Equal(await Bytes(predictions), await Bytes(predictions));
    }

    [Fact]
    public async Task WriteAsync_MoreThanARowGroup_BoundsTheGroupsAndReadsBack()
    {
        var predictions = PredictionSamples.Make(PredictionParquet.RowGroupRows + 10, 6);
        var bytes = await Bytes(predictions);

        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(bytes));
        Assert.Equal([PredictionParquet.RowGroupRows, 10L], reader.RowGroups.Select(group => group.RowCount));
        Assert.Equal("1", reader.CustomMetadata["actorcluster.schema_version"]);
        Assert.Equal(PredictionCsv.Header.Split(','), reader.Schema.DataFields.Select(field => field.Name));
        Assert.All(reader.Schema.DataFields, field => Assert.False(field.IsNullable));
        PredictionSamples.AssertEqual(predictions, await Read(bytes));
    }

    [Fact]
    public async Task ReadAsync_DamagedFiles_NothingButFormatException()
    {
        var golden = await Bytes(PredictionSamples.Make(50, 7));
        await Assert.ThrowsAsync<PredictionFormatException>(() => Read([]));
        await Assert.ThrowsAsync<PredictionFormatException>(() => Read(golden[..^1]));
        var random = new Random(8);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = (byte[])golden.Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                await Read(bytes);
            }
            catch (PredictionFormatException)
            {
                // The one allowed outcome beside other numbers.
            }
        }
    }

    [Fact]
    public async Task ReadAsync_AnotherSchema_IsRefused()
    {
        using var stream = new MemoryStream();
        var schema = new Parquet.Schema.ParquetSchema(new Parquet.Schema.DataField<int>("frame"));
        await using (var writer = await ParquetWriter.CreateAsync(schema, stream))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(schema.DataFields[0], new[] { 1 });
        }

        var thrown = await Assert.ThrowsAsync<PredictionFormatException>(() => Read(stream.ToArray()));
        Assert.Contains("schema", thrown.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> Bytes(FramePredictions predictions)
    {
        using var stream = new MemoryStream();
        await PredictionParquet.WriteAsync(stream, predictions);
        return stream.ToArray();
    }

    private static Task<FramePredictions> Read(byte[] bytes) => PredictionParquet.ReadAsync(new MemoryStream(bytes));
}
