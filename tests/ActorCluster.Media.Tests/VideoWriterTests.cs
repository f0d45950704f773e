using System.Runtime.InteropServices;
using ActorCluster.Core;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media.Tests;

public sealed class VideoWriterTests
{
    private const int Width = 64;
    private const int Height = 48;
    private static readonly Rational Rate = new(25, 1);

    [Fact]
    public async Task Complete_FramesAndSound_AreReadBack()
    {
        var path = Write(frames: 40);
        var info = await new VideoProbe(SampleVideos.Tools).ProbeAsync(path, CancellationToken.None);
        Assert.Equal((40, Width, Height), (info.Timeline.Pts.Length, info.Width, info.Height));
        Assert.NotNull(info.Audio);
        using var reader = FrameReader.Open(SampleVideos.Tools, info, info.Timeline.Pts[0], long.MaxValue, Width, Height, null, CancellationToken.None);
        var rgb = new byte[Width * Height * 3];
        for (var frame = 0; frame < 40; frame++)
        {
            Assert.True(reader.TryReadFrame(rgb, out _));
            Assert.InRange(rgb.Average(b => b), Level(frame) - 4, Level(frame) + 4);
        }
    }

    [Fact]
    public void Complete_SameFramesTwice_SameBytes() => Assert.Equal(File.ReadAllBytes(Write(frames: 30)), File.ReadAllBytes(Write(frames: 30)));

    [Fact]
    public void Open_OddSide_Throws() => Assert.Throws<ArgumentException>(() =>
        VideoWriter.Open(SampleVideos.Tools, SampleVideos.NewPath("odd.mp4"), 63, Height, Rate, Sound(1), CancellationToken.None));

    [Fact]
    public void WriteFrame_WrongSize_Throws()
    {
        using var writer = Open(SampleVideos.NewPath("size.mp4"), CancellationToken.None);
        Assert.Throws<ArgumentException>(() => writer.WriteFrame(new byte[Width * Height * 3]));
    }

    [Fact]
    public void Write_FolderIsMissing_IsTheEnvironmentsFault()
    {
        using var writer = Open(Path.Combine(SampleVideos.Folder, "nowhere", "x.mp4"), CancellationToken.None);
        var fault = Assert.Throws<EnvironmentFaultException>(() => WriteAll(writer, 100));
        Assert.Contains("No such file", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        using var writer = Open(SampleVideos.NewPath("cancelled.mp4"), stop.Token);
        writer.WriteFrame(new byte[Width * Height * 4]);
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => WriteAll(writer, 2000));
    }

    private static byte Level(int frame) => (byte)(40 + (4 * frame));

    private static string Write(int frames)
    {
        var path = SampleVideos.NewPath("written.mp4");
        using var writer = Open(path, CancellationToken.None);
        WriteAll(writer, frames);
        return path;
    }

    private static VideoWriter Open(string path, CancellationToken ct) =>
        VideoWriter.Open(SampleVideos.Tools, path, Width, Height, Rate, Sound(2), ct);

    private static void WriteAll(VideoWriter writer, int frames)
    {
        var frame = new byte[Width * Height * 4];
        for (var i = 0; i < frames; i++)
        {
            frame.AsSpan().Fill(Level(i));
            writer.WriteFrame(frame);
        }

        writer.Complete();
    }

    private static string Sound(int seconds)
    {
        var path = SampleVideos.NewPath("sound.f32");
        var samples = Enumerable.Range(0, seconds * AudioReader.SampleRate).Select(i => 0.2f * MathF.Sin(i * 0.2f)).ToArray();
        File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>(samples));
        return path;
    }
}
