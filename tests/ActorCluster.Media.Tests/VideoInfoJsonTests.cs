using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace ActorCluster.Media.Tests;

public sealed class VideoInfoJsonTests
{
    [Theory]
    [InlineData("vfr.mkv")]
    [InlineData("negative.mkv")]
    [InlineData("rotated90.mp4")]
    public async Task Read_WhatWriteWrote_IsTheSame(string file)
    {
        var info = await FrameHashes.Probe(VideoKinds.Path(file)) with { Audio = new AudioTrack(1, "aac", 2, 48000, 0.009, 8.32) };
        using var stream = new MemoryStream();
        VideoInfoJson.Write(stream, info);
        stream.Position = 0;
        var read = VideoInfoJson.Read(stream);
        Assert.Equal(info.Timeline.Pts.AsEnumerable(), read.Timeline.Pts);
        Assert.Equal(info.Timeline.TimeBase, read.Timeline.TimeBase);
        Assert.Equal(info.Seek.SeekPoints.AsEnumerable(), read.Seek.SeekPoints);
        Assert.Equal(info.Warnings.AsEnumerable(), read.Warnings);
        Assert.Equal(info with { Timeline = read.Timeline, Seek = read.Seek, Warnings = read.Warnings }, read);
        Assert.Equal((info.Seek.Trusted, info.Seek.Reason), (read.Seek.Trusted, read.Seek.Reason));
        Assert.Equal(info.ContentHash, JsonSerializer.Deserialize<VideoInfo>(JsonSerializer.Serialize(info))!.ContentHash);
    }

    [Fact]
    public void Decode_WhatEncodeMade_IsTheSame() =>
        Gen.Long[-(1L << 52), 1L << 52].Array[0, 50].Sample(values =>
        {
            ImmutableArray<long> sorted = [.. values.Distinct().Order()];
            return TimestampCodec.Decode(TimestampCodec.Encode(sorted), sorted.Length, 50).SequenceEqual(sorted);
        });

    [Fact]
    public void Encode_AnHourOfConstantRate_TakesAFewCharacters() =>
        Assert.InRange(TimestampCodec.Encode([.. Enumerable.Range(0, 108_000).Select(i => i * 512L)]).Length, 1, 24);

    [Fact]
    public void Decode_AnyText_ThrowsOrGivesTheCount() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[-5, 1000]).Sample((bytes, count) =>
        {
            try
            {
                return TimestampCodec.Decode(Convert.ToBase64String(bytes), count, 500).Length == count;
            }
            catch (InvalidDataException)
            {
                return true;
            }
        });

    [Fact]
    public async Task Read_HostileDocument_IsRefused()
    {
        using var stream = new MemoryStream();
        VideoInfoJson.Write(stream, await FrameHashes.Probe(VideoKinds.Path("cg.mp4")));
        var text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.Contains("\"frames\":90", text, StringComparison.Ordinal);
        foreach (var hostile in new[]
        {
            text.Replace("\"frames\":90", "\"frames\":2000000000", StringComparison.Ordinal),
            text.Replace("\"frames\":90", "\"frames\":91", StringComparison.Ordinal),
            text.Replace("\"frames\":90", "\"frames\":-1", StringComparison.Ordinal),
            text.Replace("\"width\":160", "\"width\":1000000", StringComparison.Ordinal),
            text.Replace("\"timeBase\":\"1/", "\"timeBase\":\"0/", StringComparison.Ordinal),
            text.Replace("\"path\"", "\"other\"", StringComparison.Ordinal),
            text[..^20],
            "null",
            "",
        })
        {
            Assert.NotEqual(text, hostile);
            using var input = new MemoryStream(Encoding.UTF8.GetBytes(hostile));
            Assert.Throws<InvalidDataException>(() => VideoInfoJson.Read(input));
        }
    }
}
