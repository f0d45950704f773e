using System.Diagnostics;
using System.Reflection;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media.Tests;

public sealed class MediaProcessTests
{
    private static readonly FfmpegTools Tools = SampleVideos.Tools;

    [Fact]
    public async Task TryReadFrame_ParentKilled_TakesTheDecoderAlong()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        start.ArgumentList.Add(VideoKinds.Path("cg.mp4"));
        using var parent = Process.Start(start)!;
        var decoder = int.Parse((await parent.StandardOutput.ReadLineAsync())!);
        Assert.True(IsAlive(decoder));
        parent.Kill();
        await parent.WaitForExitAsync();
        await Until.True(() => !IsAlive(decoder), $"ffmpeg {decoder} ends with its parent");
    }

    [Fact]
    public async Task TryReadFrame_OpeningThreadEnded_GoesOn()
    {
        // The kernel's parent-death signal follows the thread that forked, which must not be the caller's.
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        FrameReader? reader = null;
        var opener = new Thread(() => reader = Open(Tools, info));
        opener.Start();
        opener.Join();
        using (reader)
        {
            Assert.Equal(info.Timeline.Count, FrameHashes.Read(reader!, info).Count);
        }
    }

    [Fact]
    public async Task Dispose_HalfWay_LeavesNoProcess()
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        var reader = Open(Tools, info, 1920, 1080);
        Assert.True(reader.TryReadFrame(new byte[1920 * 1080 * 3], out _));
        var decoder = reader.ProcessId;
        Assert.True(IsAlive(decoder));
        reader.Dispose();
        Assert.False(Directory.Exists($"/proc/{decoder}"), "Killed and reaped: not even a zombie is left.");
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task TryReadFrame_DecoderKilledFromOutside_IsTheEnvironmentsFault(string signal)
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        using var reader = Open(Tools, info, 1920, 1080);
        var rgb = new byte[1920 * 1080 * 3];
        Assert.True(reader.TryReadFrame(rgb, out _));
        SampleVideos.Run("kill", ["-" + signal, $"{reader.ProcessId}"]);
        var fault = Assert.Throws<EnvironmentFaultException>(() =>
        {
            while (reader.TryReadFrame(rgb, out _))
            {
            }
        });
        Assert.Contains("from outside", fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryReadFrame_DecoderCrashes_IsTheInputsFault()
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        using var reader = Open(Wrapped("kill -SEGV $$"), info);
        var fault = Assert.Throws<InputFaultException>(() => FrameHashes.Read(reader, info));
        Assert.Contains("crashed on the file (signal 11)", fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryReadFrame_DecoderFails_TellsItsLastLines()
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        using var reader = Open(Wrapped("for i in $(seq 100); do echo line $i >&2; done; exit 1"), info);
        var fault = Assert.Throws<InputFaultException>(() => FrameHashes.Read(reader, info));
        Assert.Equal(Enumerable.Range(81, 20).Select(i => $"line {i}"), fault.ToolOutput);
    }

    [Fact]
    public async Task TryReadFrame_DecoderHangs_IsKilledAndTheInputsFault()
    {
        // The shell waits for a child of its own, so only killing the whole group ends both.
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        using var reader = Open(Wrapped("sleep 1000; true"), info, options: new FrameReaderOptions(TimeSpan.FromMilliseconds(300)));
        var group = reader.ProcessId;
        var fault = Assert.Throws<InputFaultException>(() => FrameHashes.Read(reader, info));
        Assert.Contains("gave nothing for 0.3 s", fault.Cause, StringComparison.Ordinal);
        await Until.True(() => !GroupIsAlive(group), "the group ends");
    }

    [Fact]
    public async Task ProbeAsync_ToolHangs_IsTheInputsFault()
    {
        var path = VideoKinds.Path("cg.mp4");
        var probe = new VideoProbe(new FfmpegTools(Tools.FfmpegPath, Script("sleep 1000"), "test"), TimeSpan.FromMilliseconds(300));
        var fault = await Assert.ThrowsAsync<InputFaultException>(() => probe.ProbeAsync(path, CancellationToken.None));
        Assert.Contains("gave nothing for 0.3 s", fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryReadFrame_SlowConsumer_DoesNotTripTheWatchdog()
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        var patience = TimeSpan.FromSeconds(2);
        using var reader = Open(Tools, info, 640, 480, new FrameReaderOptions(patience));
        var rgb = new byte[640 * 480 * 3];
        Assert.True(reader.TryReadFrame(rgb, out _));
        var clock = Stopwatch.StartNew();
        await Until.True(() => clock.Elapsed > 1.5 * patience, "one and a half times the stall time passes");
        var count = 1;
        while (reader.TryReadFrame(rgb, out _))
        {
            count++;
        }

        Assert.Equal(info.Timeline.Count, count);
    }

    [Fact]
    public async Task TryReadFrame_LongDiscard_GivesSignsOfLife()
    {
        // Sequential decoding of a chunk at the end shows nothing for most of the file; the watchdog must not take that for a hang.
        var info = await FrameHashes.Probe(SampleVideos.Make("long.ts", "-f lavfi -i testsrc2=size=640x480:rate=30:duration=40 -c:v libx264 -preset ultrafast -pix_fmt yuv420p"));
        var last = info.Timeline.Pts[^1];

        // It reads at eight times the video's own speed and no faster: five seconds on any machine.
        var paced = Wrapped($"exec {Tools.FfmpegPath} -readrate 8 \"$@\"");
        var patience = TimeSpan.FromSeconds(2);
        var clock = Stopwatch.StartNew();
        using var reader = FrameReader.Open(paced, info, last, last + 1, 64, 48, new FrameReaderOptions(patience), CancellationToken.None);
        Assert.Single(FrameHashes.Read(reader, info with { Width = 64, Height = 48 }));
        Assert.True(clock.Elapsed > 2 * patience, "The discard took too short a time to show anything.");
    }

    [Fact]
    public async Task TryReadFrame_Cancelled_EndsTheDecoder()
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        using var cancellation = new CancellationTokenSource();
        using var reader = FrameReader.Open(Wrapped("sleep 1000"), info, 0, 1, info.Width, info.Height, null, cancellation.Token);
        var read = Task.Run(() => FrameHashes.Read(reader, info));
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => read);
        Assert.False(IsAlive(reader.ProcessId));
    }

    [Fact]
    public async Task Open_FfmpegGoneHalfWay_IsTheEnvironmentsFaultAndSaysWhatToDo()
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        var tools = Wrapped($"exec {Tools.FfmpegPath} \"$@\"");
        using (var reader = Open(tools, info))
        {
            Assert.Equal(info.Timeline.Count, FrameHashes.Read(reader, info).Count);
        }

        File.Delete(tools.FfmpegPath);
        var fault = Assert.Throws<EnvironmentFaultException>(() => Open(tools, info));
        Assert.Contains("apt-get install ffmpeg", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Locate_OnThisMachine_StatesTheVersion() => Assert.Matches(@"^n?\d+\.\d+", Tools.Version);

    private static FrameReader Open(FfmpegTools tools, VideoInfo info, int? width = null, int? height = null, FrameReaderOptions? options = null) =>
        FrameReader.Open(tools, info, info.Timeline.Pts[0], long.MaxValue, width ?? info.Width, height ?? info.Height, options, CancellationToken.None);

    private static FfmpegTools Wrapped(string body) => new(Script(body), Tools.FfprobePath, "test");

    private static string Script(string body)
    {
        var path = SampleVideos.NewPath("ffmpeg");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        SampleVideos.Run("chmod", ["+x", path]);
        return path;
    }

    private static bool IsAlive(int pid) => StateOf(pid) is not (null or 'Z' or 'X');

    private static bool GroupIsAlive(int group) => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _))
        .Any(n => Stat(n!) is { Length: > 2 } fields && fields[2] == $"{group}" && fields[0] is not ("Z" or "X"));

    private static char? StateOf(int pid) => Stat($"{pid}") is { Length: > 0 } fields ? fields[0][0] : null;

    private static string[] Stat(string pid)
    {
        try
        {
            // "pid (name) state ppid pgrp ...": the name may hold anything.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
