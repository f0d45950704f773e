using System.Runtime.InteropServices;
using ActorCluster.Core;
using CsCheck;

namespace ActorCluster.Storage.Tests;

public sealed class FrameFeatureFileTests
{
    private static readonly EncoderOrigin Visual = new("v-key", "beit", "v-hash");
    private static readonly EncoderOrigin Audio = new("a-key", "wavlm", "a-hash");

    [Fact]
    public void Open_WhatWriteWrote_HasTheSameRowsMasksAndIdentity() =>
        Gen.Select(Gen.Int[1, 1200], Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int).Sample((frames, visualWidth, audioWidth, seed) =>
        {
            using var folder = new TempFolder();
            var path = Path.Combine(folder.Path, "a.safetensors");
            var (info, rows) = Sample(frames, visualWidth, audioWidth, seed);
            FrameFeatureFile.Write(path, info, (a, b) => Slice(rows, info, a, b));
            using var file = FrameFeatureFile.Open(path);
            Assert.Equal(
                (info.VideoId, info.ContentHash, info.Key, info.Visual, info.Audio, info.VisualWidth, info.AudioWidth, info.Timeline.TimeBase),
                (file.Info.VideoId, file.Info.ContentHash, file.Info.Key, file.Info.Visual, file.Info.Audio, file.Info.VisualWidth, file.Info.AudioWidth, file.Info.Timeline.TimeBase));
            Assert.Equal(info.Timeline.Pts.AsEnumerable(), file.Info.Timeline.Pts.AsEnumerable());
            Assert.Equal(rows.FacePresent, file.FacePresent);
            Assert.Equal(rows.AudioPresent, file.AudioPresent);
            Assert.Equal(rows.Decoded, file.Decoded);
            var (first, count) = (frames / 3, frames - (frames / 3));
            Assert.Equal(Expected(rows.Visual, rows.FacePresent, visualWidth, first), Read(file.ReadVisual, first, count * visualWidth));
            Assert.Equal(Expected(rows.Audio, rows.AudioPresent, audioWidth, first), Read(file.ReadAudio, first, count * audioWidth));
            file.RequireFinite();
        }, iter: 20, threads: 1);

    [Fact]
    public void Write_NotANumberWhereTheMaskSaysPresent_NamesFrameAndLeavesNothing()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        var (info, rows) = Sample(700, 3, 2, 1);
        rows.FacePresent[600] = true;
        rows.Visual[(600 * 3) + 1] = Half.PositiveInfinity;
        var failure = Assert.Throws<FeatureFileException>(() => FrameFeatureFile.Write(path, info, (a, b) => Slice(rows, info, a, b)));
        Assert.Contains("visual features of frame 601", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_NotANumberWhereNothingIsPresent_StoresZeros()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        var (info, rows) = Sample(20, 3, 2, 1);
        rows.FacePresent[7] = false;
        rows.Visual.AsSpan(7 * 3, 3).Fill(Half.NaN);
        FrameFeatureFile.Write(path, info, (a, b) => Slice(rows, info, a, b));
        using var file = FrameFeatureFile.Open(path);
        Assert.Equal([Half.Zero, Half.Zero, Half.Zero], Read(file.ReadVisual, 7, 3));
        file.RequireFinite();
    }

    [Fact]
    public void Open_DamagedFile_IsNamed()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        Assert.Contains("does not exist", Assert.Throws<FeatureFileException>(() => FrameFeatureFile.Open(path)).Message, StringComparison.Ordinal);
        var (info, rows) = Sample(50, 3, 2, 1);
        FrameFeatureFile.Write(path, info, (a, b) => Slice(rows, info, a, b));
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^1]);
        Assert.Contains(path, Assert.Throws<FeatureFileException>(() => FrameFeatureFile.Open(path)).Message, StringComparison.Ordinal);
        whole[^1] = 2;
        File.WriteAllBytes(path, whole);
        Assert.Contains("'decoded' is not 50 times 0 or 1", Assert.Throws<FeatureFileException>(() => FrameFeatureFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadVisual_BeyondTheVideo_IsRefused()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        var (info, rows) = Sample(50, 3, 2, 1);
        FrameFeatureFile.Write(path, info, (a, b) => Slice(rows, info, a, b));
        using var file = FrameFeatureFile.Open(path);
        Assert.Throws<ArgumentException>(() => file.ReadVisual(50, new byte[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadVisual(-1, new byte[6]));
        Assert.Throws<ArgumentException>(() => file.ReadVisual(0, new byte[5]));
    }

    [Fact]
    public void ReadVisual_EveryRowOfALargeFile_KeepsMemoryFlat()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        const int Frames = 20_000, Width = 1_024;
        var info = Info(Frames, Width, 1);
        FrameFeatureFile.Write(path, info, (a, b) => new FrameFeatureRows(
            new Half[(b - a) * Width], new Half[b - a], [.. Enumerable.Repeat(true, b - a)], new bool[b - a], new bool[b - a]));
        using var file = FrameFeatureFile.Open(path);
        var window = new byte[64 * Width * 2];
        file.ReadVisual(0, window);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var first = 0; first <= Frames - 64; first += 32)
        {
            file.ReadVisual(first, window);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000); // 40 MB were read twice.
    }

    private static FrameFeatureInfo Info(int frames, int visualWidth, int audioWidth) => new(
        "video", "content", "key", Visual, Audio, visualWidth, audioWidth, new FrameTimeline(new Rational(1, 30), [.. Enumerable.Range(0, frames).Select(i => i * 2L)]));

    private static (FrameFeatureInfo Info, FrameFeatureRows Rows) Sample(int frames, int visualWidth, int audioWidth, int seed)
    {
        var random = new Random(seed);
        Half[] Values(int width) => [.. Enumerable.Range(0, frames * width).Select(_ => (Half)((random.NextSingle() * 2) - 1))];
        bool[] Mask() => [.. Enumerable.Range(0, frames).Select(_ => random.Next(3) > 0)];
        return (Info(frames, visualWidth, audioWidth), new FrameFeatureRows(Values(visualWidth), Values(audioWidth), Mask(), Mask(), Mask()));
    }

    private static FrameFeatureRows Slice(FrameFeatureRows rows, FrameFeatureInfo info, int a, int b) => new(
        rows.Visual[(a * info.VisualWidth)..(b * info.VisualWidth)], rows.Audio[(a * info.AudioWidth)..(b * info.AudioWidth)], rows.FacePresent[a..b], rows.AudioPresent[a..b], rows.Decoded[a..b]);

    private static Half[] Expected(Half[] values, bool[] present, int width, int first) =>
        [.. values.Select((v, i) => present[i / width] ? v : Half.Zero).Skip(first * width)];

    private delegate void Reader(int firstFrame, Span<byte> rows);

    private static Half[] Read(Reader read, int first, int count)
    {
        var values = new Half[count];
        read(first, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
