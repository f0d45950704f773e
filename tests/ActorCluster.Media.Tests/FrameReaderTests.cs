using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using Xunit.Abstractions;

namespace ActorCluster.Media.Tests;

public sealed class FrameReaderTests(ITestOutputHelper output)
{
    [Fact]
    public async Task TryReadFrame_ChunksOfEveryKindOfFile_EqualsOneSequentialDecode()
    {
        var rows = new ConcurrentDictionary<string, (string Row, bool Right)>();
        await Parallel.ForEachAsync(VideoKinds.All, async (kind, _) =>
        {
            var info = await FrameHashes.Probe(kind.Make());
            var expected = FrameHashes.Reference(info);
            var (got, chunks, seeked) = FrameHashes.InChunks(info);

            // Where ffmpeg itself shows frames without increasing timestamps, there is no time to compare, only order and pixels.
            var hasTimes = expected.Zip(expected.Skip(1)).All(pair => pair.First.Pts < pair.Second.Pts);
            var equal = hasTimes ? expected.SequenceEqual(got) : expected.Select(f => f.Hash).SequenceEqual(got.Select(f => f.Hash));
            var complete = got.Select(f => f.Pts).SequenceEqual(info.Timeline.Pts);
            var row = $"| {kind.Kind} | {expected.Count} | {got.Count} | {(equal ? "yes" : "NO")} | {chunks} | {seeked} | {info.Seek.Reason} |";
            rows[kind.Kind] = (row, equal && complete && seeked > 0 == (info.Seek.Trusted && chunks > 1));
        });

        output.WriteLine("| kind of file | frames expected | frames got | hashes equal | chunks | of them sought | why |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var (kind, _, _) in VideoKinds.All)
        {
            output.WriteLine(rows[kind].Row);
        }

        Assert.Empty(rows.Values.Where(r => !r.Right).Select(r => r.Row));
    }

    [Theory]
    [InlineData("rotated90.mp4", 120, 160)]
    [InlineData("rotated180.mp4", 160, 120)]
    [InlineData("rotated270.mp4", 120, 160)]
    [InlineData("sar.mp4", 171, 120)]
    [InlineData("sar89.mkv", 142, 120)]
    [InlineData("odd.mp4", 161, 121)]
    public async Task ProbeAsync_RotatedOrStretched_GivesDisplayedSize(string file, int width, int height)
    {
        var info = await FrameHashes.Probe(VideoKinds.Path(file));
        Assert.Equal((width, height), (info.Width, info.Height));
    }

    [Fact]
    public async Task TryReadFrame_Rotated90_TurnsThePicture()
    {
        // White on the left half of what is stored; turned by 90 degrees it must be on one half from top to bottom.
        var flat = SampleVideos.Make("half.mp4", "-f lavfi -i color=black:size=64x48:rate=10:duration=1,drawbox=x=0:y=0:w=32:h=48:color=white:t=fill -c:v libx264 -pix_fmt yuv420p");
        var turned = SampleVideos.Make("half90.mp4", $"-i {flat} -c copy -metadata:s:v:0 rotate=90");
        var info = await FrameHashes.Probe(turned);
        using var reader = FrameReader.Open(SampleVideos.Tools, info, 0, 1, info.Width, info.Height, null, CancellationToken.None);
        var rgb = new byte[48 * 64 * 3];
        Assert.True(reader.TryReadFrame(rgb, out _));
        var (top, bottom) = (rgb[((8 * 48) + 24) * 3], rgb[((56 * 48) + 24) * 3]);
        Assert.Equal((true, true), (Math.Max(top, bottom) > 200, Math.Min(top, bottom) < 50));
    }

    [Fact]
    public async Task TryReadFrame_SmallerSize_ScalesTheWholePicture()
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        using var reader = FrameReader.Open(SampleVideos.Tools, info, 0, long.MaxValue, 80, 60, null, CancellationToken.None);
        var rgb = new byte[80 * 60 * 3];
        var count = 0;
        while (reader.TryReadFrame(rgb, out _))
        {
            count++;
        }

        Assert.Equal(info.Timeline.Count, count);
    }

    [Fact]
    public async Task TryReadFrame_ChunksThatEndAnywhere_NeitherLoseNorRepeatFrames()
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cra.mp4"));
        var expected = FrameHashes.Reference(info);
        var random = new Random(20260101);
        var cuts = Enumerable.Range(0, 8).Select(_ => random.NextInt64(info.Timeline.Pts[0], info.Timeline.Pts[^1])).Append(info.Timeline.Pts[^1] + 1).Order().Distinct();
        var got = new List<(long, string)>();
        var start = info.Timeline.Pts[0];
        foreach (var end in cuts.Where(c => c > start))
        {
            using var reader = FrameReader.Open(SampleVideos.Tools, info, start, end, info.Width, info.Height, null, CancellationToken.None);
            got.AddRange(FrameHashes.Read(reader, info));
            start = end;
        }

        Assert.Equal(expected, got);
    }

    [Fact]
    public async Task TryReadFrame_SeekThatLandsTooLate_FallsBackToTheBeginning()
    {
        // A plan with a seek point one frame before a key frame, as from a wrong index: the seek lands on the key frame, and the frame before it
        // would be lost.
        var info = await FrameHashes.Probe(VideoKinds.Path("nob.mkv"));
        var expected = FrameHashes.Reference(info);
        var from = info.Timeline.Pts[39];
        var lying = info with { Seek = new SeekPlan(true, "test", [info.Timeline.Pts[0], from]) };
        using var reader = FrameReader.Open(SampleVideos.Tools, lying, from, long.MaxValue, info.Width, info.Height, null, CancellationToken.None);
        Assert.True(reader.Seeked);
        Assert.Equal(expected.Where(f => f.Pts >= from), FrameHashes.Read(reader, info));
        Assert.False(reader.Seeked);
    }

    [Fact]
    public async Task TryReadFrame_MoreFramesThanTheTimelineHas_IsTheInputsFault()
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        var everySecond = info with { Timeline = new FrameTimeline(info.Timeline.TimeBase, [.. info.Timeline.Pts.Where((_, i) => i % 2 == 0)]) };
        using var reader = FrameReader.Open(SampleVideos.Tools, everySecond, 0, long.MaxValue, info.Width, info.Height, null, CancellationToken.None);
        var fault = Assert.Throws<InputFaultException>(() => FrameHashes.Read(reader, info));
        Assert.Equal("decode", fault.Stage);
        Assert.Contains("timeline does not have", fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FileThatChangedSinceTheProbe_IsTheInputsFault()
    {
        var path = SampleVideos.NewPath("changing.mp4");
        File.Copy(VideoKinds.Path("cg.mp4"), path);
        var info = await FrameHashes.Probe(path);
        File.AppendAllText(path, "x");
        var fault = Assert.Throws<InputFaultException>(() => FrameReader.Open(SampleVideos.Tools, info, 0, 1, info.Width, info.Height, null, CancellationToken.None));
        Assert.Contains("changed while the run was going on", fault.Cause, StringComparison.Ordinal);
        File.Move(path, path + ".elsewhere");
        Assert.Contains("vanished", Assert.Throws<InputFaultException>(() => FrameReader.Open(SampleVideos.Tools, info, 0, 1, info.Width, info.Height, null, CancellationToken.None)).Cause, StringComparison.Ordinal);

        // With everything beside it gone as well, it is the share that has vanished.
        File.Delete(path + ".elsewhere");
        Assert.Contains("empty", Assert.Throws<EnvironmentFaultException>(() => FrameReader.Open(SampleVideos.Tools, info, 0, 1, info.Width, info.Height, null, CancellationToken.None)).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("damaged.mp4", 0.1)]
    [InlineData("damaged.ts", 0.1)]
    [InlineData("destroyed.mp4", 0.5)]
    [InlineData("destroyed.mkv", 0.5)]
    [InlineData("destroyed.ts", 0.5)]
    public async Task TryReadFrame_GarbageInTheMiddle_LeavesTheRestIntact(string name, double share)
    {
        var sound = VideoKinds.Path("cg" + Path.GetExtension(name));
        var bytes = await File.ReadAllBytesAsync(sound);
        new Random(7).NextBytes(bytes.AsSpan((int)(bytes.Length * (0.5 - (share / 2))), (int)(bytes.Length * share)));
        var path = SampleVideos.NewPath(name);
        await File.WriteAllBytesAsync(path, bytes);

        var expected = FrameHashes.Reference(await FrameHashes.Probe(sound)).ToImmutableHashSet();
        var info = await FrameHashes.Probe(path);
        var (got, _, _) = FrameHashes.InChunks(info);
        Assert.All(got, frame => Assert.Contains(frame.Pts, info.Timeline.Pts));
        Assert.InRange(got.Count(expected.Contains), share > 0.1 ? 15 : 40, 89);
        output.WriteLine($"{info.Timeline.Count} planned, {got.Count} decoded, {got.Count(expected.Contains)} of them intact");
    }

    [Fact]
    public async Task TryReadFrame_FileCutInTheMiddle_GivesWhatIsThere()
    {
        var whole = SampleVideos.Make("faststart.mp4", $"-i {VideoKinds.Path("cg.mp4")} -c copy -movflags +faststart");
        var path = SampleVideos.NewPath("cut.mp4");
        var bytes = await File.ReadAllBytesAsync(whole);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length * 6 / 10)]);
        var expected = FrameHashes.Reference(await FrameHashes.Probe(whole)).ToImmutableHashSet();
        var info = await FrameHashes.Probe(path);
        var (got, _, _) = FrameHashes.InChunks(info);
        Assert.InRange(got.Count(expected.Contains), 30, 89);
    }

    [Theory]
    [InlineData("cg.mp4")]
    [InlineData("cg.mkv")]
    [InlineData("cg.ts")]
    [InlineData("asp.avi")]
    [InlineData("vp9.webm")]
    public async Task TryReadFrame_BytesFlippedAnywhere_GivesPlannedFramesOrTheInputsFault(string file)
    {
        var sound = await File.ReadAllBytesAsync(VideoKinds.Path(file));
        for (var seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            var bytes = (byte[])sound.Clone();
            for (var i = 0; i < 30; i++)
            {
                // Half of the damage goes where headers and indexes are.
                var span = i % 2 == 0 ? bytes.Length : 2000;
                bytes[i % 4 == 1 ? random.Next(span) : bytes.Length - 1 - random.Next(span)] = (byte)random.Next(256);
            }

            var path = SampleVideos.NewPath(file);
            await File.WriteAllBytesAsync(path, bytes);
            try
            {
                var info = await FrameHashes.Probe(path);
                var (frames, _, _) = FrameHashes.InChunks(info);
                Assert.All(frames, frame => Assert.Contains(frame.Pts, info.Timeline.Pts));
                output.WriteLine($"{file} {seed}: {frames.Count} of {info.Timeline.Count} frames");
            }
            catch (InputFaultException fault)
            {
                output.WriteLine($"{file} {seed}: {fault.Message}");
            }
        }
    }
}
