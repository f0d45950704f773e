using System.Globalization;
using ActorCluster.Core.Faults;
using Xunit.Abstractions;

namespace ActorCluster.Media.Tests;

/// <summary>Each file flashes and clicks at the same moments, half a second after every full second, on whatever clock its container has.</summary>
public sealed class AudioReaderTests(ITestOutputHelper output)
{
    private const double Period = 1;
    private const double FrameSeconds = 1 / 30.0;
    private const string X264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 30";

    [Theory]
    [InlineData("aac.mp4", "-c:a aac")]
    [InlineData("aac51.mp4", "-c:a aac -ac 6")]
    [InlineData("aac.ts", "-c:a aac")]
    [InlineData("mp3.mkv", "-c:a libmp3lame -ar 44100")]
    [InlineData("mp3.mp4", "-c:a libmp3lame -ar 44100")]
    [InlineData("mp2.ts", "-c:a mp2")]
    [InlineData("opus.mkv", "-c:a libopus")]
    [InlineData("vorbis.mkv", "-c:a libvorbis -ac 2")]
    [InlineData("ac3.ts", "-c:a ac3")]
    [InlineData("ac351.mkv", "-c:a ac3 -ac 6")]
    [InlineData("pcm8k.mov", "-c:a pcm_s16le -ar 8000")]
    [InlineData("pcm22k.mkv", "-c:a pcm_s16le -ar 22050")]
    [InlineData("pcm96k.mov", "-c:a pcm_s24le -ar 96000 -ac 2")]
    [InlineData("pcm.avi", "-c:a pcm_s16le -ar 44100")]
    [InlineData("flac.mkv", "-c:a flac -ar 96000")]
    [InlineData("early.mkv", "-c:a pcm_s16le", "-itsoffset 0.4")]
    [InlineData("early.mp4", "-c:a aac", "-itsoffset 0.4")]
    [InlineData("late.mkv", "-c:a pcm_s16le", "", "-itsoffset 0.7")]
    [InlineData("late.mp4", "-c:a aac", "", "-itsoffset 0.7")]
    [InlineData("late.ts", "-c:a mp2", "", "-itsoffset 0.7")]
    [InlineData("gap.mkv", "-c:a pcm_s16le -af aselect='not(between(t,1.1,2.2))'")]
    [InlineData("hour.ts", "-c:a aac -output_ts_offset 3600")]
    [InlineData("short.mp4", "-c:a aac -af atrim=0:2.9")]
    [InlineData("long.mp4", "-c:a aac", "", "", 4, 6)]
    public async Task Read_FlashAndClickTogether_AreWithinOneFrame(string name, string arguments, string videoOffset = "", string audioOffset = "", double videoSeconds = 4, double audioSeconds = 4)
    {
        var info = await FrameHashes.Probe(FlashAndClick(name, arguments, videoOffset, audioOffset, videoSeconds, audioSeconds));
        Assert.NotNull(info.Audio);
        var flashes = Flashes(info);
        var clicks = Clicks(ReadAll(info));
        output.WriteLine($"{name}: flashes {Join(flashes)}; clicks {Join(clicks)}");

        // An offset between the inputs is an offset between flash and click, in every container the same.
        var offset = Offset(audioOffset) - Offset(videoOffset);
        Assert.True(clicks.Count >= 2, $"Clicks at {Join(clicks)}.");
        Assert.All(clicks.Where(c => c < videoSeconds - 0.1 + offset && c > offset), click => Assert.Contains(flashes, flash => Math.Abs(click - offset - flash) < FrameSeconds));
    }

    [Fact]
    public async Task Read_TenMinutes_StaysWithinOneFrame()
    {
        var info = await FrameHashes.Probe(FlashAndClick("ten.mp4", "-c:a aac -ar 44100", "", "", 600, 600));
        var flashes = Flashes(info);
        var clicks = Clicks(ReadAll(info));
        Assert.Equal(600, flashes.Count);
        Assert.Equal(600, clicks.Count);
        var worst = flashes.Zip(clicks).Max(pair => Math.Abs(pair.First - pair.Second));
        output.WriteLine($"600 flashes and clicks: at most {worst * 1000:F1} ms apart, the last {Math.Abs(flashes[^1] - clicks[^1]) * 1000:F1} ms");
        Assert.InRange(worst, 0, FrameSeconds);
    }

    [Fact]
    public async Task Read_LateStart_IsSilenceUntilThen()
    {
        var info = await FrameHashes.Probe(FlashAndClick("late.mkv", "-c:a pcm_s16le", "", "-itsoffset 0.7", 4, 4));
        var samples = ReadAll(info);
        Assert.All(samples.Take((int)(0.69 * AudioReader.SampleRate)), s => Assert.Equal(0, s));
        Assert.InRange(samples.Length, 4.69 * AudioReader.SampleRate, 4.71 * AudioReader.SampleRate);
    }

    [Fact]
    public async Task Read_TrackFarLongerThanTheVideo_EndsSoonAfterIt()
    {
        var info = await FrameHashes.Probe(FlashAndClick("far.mkv", "-c:a pcm_s16le -ar 8000", "", "", 2, 60));
        Assert.InRange(ReadAll(info).Length, 11.9 * AudioReader.SampleRate, 12.1 * AudioReader.SampleRate);
    }

    [Fact]
    public async Task Read_PiecesOfAnyLength_GiveTheSameSamples()
    {
        var info = await FrameHashes.Probe(FlashAndClick("aac.mp4", "-c:a aac", "", "", 4, 4));
        var whole = ReadAll(info);
        var pieces = new List<float>();
        var buffer = new float[1];
        using var reader = AudioReader.Open(SampleVideos.Tools, info, CancellationToken.None);
        while (reader.Read(buffer) > 0)
        {
            pieces.Add(buffer[0]);
        }

        Assert.Equal(whole, pieces);
    }

    [Fact]
    public async Task Open_VideoWithoutAudio_IsRefused()
    {
        var info = await FrameHashes.Probe(VideoKinds.Path("cg.mp4"));
        Assert.Null(info.Audio);
        Assert.Throws<ArgumentException>(() => AudioReader.Open(SampleVideos.Tools, info, CancellationToken.None));
    }

    [Fact]
    public async Task Open_FileThatChangedSinceTheProbe_IsTheInputsFault()
    {
        var path = SampleVideos.NewPath("changing.mp4");
        File.Copy(FlashAndClick("aac.mp4", "-c:a aac", "", "", 4, 4), path);
        var info = await FrameHashes.Probe(path);
        File.AppendAllText(path, "x");
        Assert.Equal("audio", Assert.Throws<InputFaultException>(() => AudioReader.Open(SampleVideos.Tools, info, CancellationToken.None)).Stage);
    }

    private static string FlashAndClick(string name, string arguments, string videoOffset, string audioOffset, double videoSeconds, double audioSeconds)
    {
        string Seconds(double s) => s.ToString(CultureInfo.InvariantCulture);
        var video = $"{videoOffset} -f lavfi -i color=black:size=16x16:rate=30:duration={Seconds(videoSeconds)},format=gray,geq=lum='if(lt(mod(T+0.5001,{Period}),0.0333),255,0)'";
        var audio = $"{audioOffset} -f lavfi -i aevalsrc='if(lt(mod(t+0.5,{Period}),0.02),0.8*sin(2*PI*1000*t),0)':s=48000:d={Seconds(audioSeconds)}";
        return SampleVideos.Make("click-" + name, $"{video} {audio} -map 0:v -map 1:a {X264} {arguments}");
    }

    private static double Offset(string argument) => argument.Length == 0 ? 0 : double.Parse(argument.Split(' ')[1], CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<double> values) => string.Join(' ', values.Take(8).Select(v => v.ToString("F3", CultureInfo.InvariantCulture)));

    /// <summary>When bright frames are shown, in seconds after the first frame.</summary>
    private static List<double> Flashes(VideoInfo info)
    {
        using var reader = FrameReader.Open(SampleVideos.Tools, info, info.Timeline.Pts[0], long.MaxValue, info.Width, info.Height, null, CancellationToken.None);
        var rgb = new byte[info.Width * info.Height * 3];
        var flashes = new List<double>();
        while (reader.TryReadFrame(rgb, out var pts))
        {
            if (rgb[0] > 128)
            {
                flashes.Add(info.Timeline.TimeBase.ToSeconds(pts - info.Timeline.Pts[0]));
            }
        }

        return flashes;
    }

    /// <summary>When clicks begin: the loudest 10 ms after at least a third of a second of less.</summary>
    private static List<double> Clicks(float[] samples)
    {
        const int Block = AudioReader.SampleRate / 200;
        var energy = samples.Chunk(Block).Select(block => block.Sum(s => (double)s * s)).ToArray();
        var threshold = energy.Max() / 4;
        var clicks = new List<double>();
        for (var i = 0; i < energy.Length; i++)
        {
            var at = (double)i * Block / AudioReader.SampleRate;
            if (energy[i] > threshold && (clicks.Count == 0 || at - clicks[^1] > 0.3))
            {
                clicks.Add(at);
            }
        }

        return clicks;
    }

    private static float[] ReadAll(VideoInfo info)
    {
        using var reader = AudioReader.Open(SampleVideos.Tools, info, CancellationToken.None);
        var samples = new List<float>();
        var buffer = new float[4096];
        for (int n; (n = reader.Read(buffer)) > 0;)
        {
            samples.AddRange(buffer.AsSpan(0, n));
        }

        return [.. samples];
    }
}
