using System.Globalization;
using ActorCluster.Core.Audio;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Processing.Inference;
using ActorCluster.Storage;
using ActorCluster.Tests.Shared;
using Xunit.Abstractions;

namespace ActorCluster.Processing.Tests.Inference;

/// <summary>Ten minutes of a hum with a click at each flash: the frame whose audio features the click changes most is the one that flashes.</summary>
public sealed class FrameAudioAlignmentTests : IDisposable
{
    private static readonly int[] FlashFrames = [97, 7_003, 14_201];
    private static readonly AudioEncoderSettings Settings = new("wavlm", "tiny", 1, "float32", [], SegmentSeconds: 10, ContextSeconds: 2, PoolingSeconds: 0.04);
    private readonly TempData _data = new();
    private readonly string _model;
    private readonly ITestOutputHelper _output;

    public FrameAudioAlignmentTests(ITestOutputHelper output)
    {
        _output = output;
        _model = Path.Combine(_data.Inputs, "tiny");
        TinyCheckpoints.WriteWavLm(_model, new TinyWavLmSizes(), seed: 5);
    }

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("30", "30", "N/30", 0)]
    [InlineData("23.976", "24000/1001", "N*1001/24000", 0)]
    [InlineData("variable", "30", "N/30+floor(N/50)/30", 0)]
    [InlineData("late audio", "25", "N/25", 0.3)]
    public async Task Features_ClickWithAFlash_ChangeMostInTheRowOfTheFlash(string name, string rate, string time, double late)
    {
        double[] moments = [.. FlashFrames.Select(n => Moment(time, n))];
        var with = await VideoAsync("with.mkv", rate, time, late, moments);
        var without = await VideoAsync("without.mkv", rate, time, late, []);
        var flashes = Flashes(with);
        Assert.Equal(FlashFrames.Length, flashes.Count);
        var (tokens, reference) = (Tokens(with, moments), Tokens(without, moments));
        foreach (var (flash, moment) in flashes.Zip(moments))
        {
            var changes = Enumerable.Range(0, with.Timeline.Count).Select(row => Change(with, row, moment, tokens, reference)).ToList();
            var most = changes.IndexOf(changes.Max());
            _output.WriteLine($"{name}: flash in row {flash} at {moment:F3} s, features change most in row {most}");
            Assert.InRange(most, flash - 1, flash + 1);
        }
    }

    private static double Moment(string time, int n) => time switch
    {
        "N/30" => n / 30.0,
        "N/25" => n / 25.0,
        "N*1001/24000" => n * 1001 / 24_000.0,
        _ => (n / 30.0) + (Math.Floor(n / 50.0) / 30),
    };

    /// <summary>How far a row's features are from those without the clicks; rows that are not near this click do not count.</summary>
    private static double Change(VideoInfo info, int row, double moment, TokenWindow with, TokenWindow without)
    {
        var seconds = info.Timeline.SecondsAt(row) - info.Timeline.SecondsAt(0);
        if (Math.Abs(seconds - moment) > 3)
        {
            return 0;
        }

        var (first, end) = SegmentGrid.TokensAround(seconds, Settings.PoolingSeconds);
        var (a, b) = (new Half[64], new Half[64]);
        return with.TryMean(first, end, a) && without.TryMean(first, end, b) ? Enumerable.Range(0, 64).Sum(k => Math.Pow((double)a[k] - (double)b[k], 2)) : 0;
    }

    /// <summary>The tokens of the segments within 4 s of a click. The others hear no difference: their samples are the same.</summary>
    private TokenWindow Tokens(VideoInfo info, double[] moments)
    {
        var grid = new SegmentGrid(Settings);
        var input = new AudioInput(grid, FeatureWidth: 64);
        using var encoder = new WavLmAudioEncoder(
            WavLmEncoder.Load(_model, TorchDevice.Cpu, EncoderPrecision.Float32, Settings.Batch, grid.InputSamples), _model, Settings.Layers);
        var segments = new Dictionary<int, AudioTokens>();
        void Encode(AudioSegment segment, ReadOnlySpan<float> heard)
        {
            if (!moments.Any(m => m + 4 > segment.Index * 10 && m - 4 < (segment.Index + 1) * 10))
            {
                return;
            }

            var request = new SegmentRequest(input) { Segment = segment };
            heard.CopyTo(request.Samples);
            encoder.Stage(request, 0, 0);
            encoder.Run(1);
            encoder.Collect(request, 0, 0);
            segments[segment.Index] = new AudioTokens(segment.FirstToken, request.Features[..(segment.TokenCount * 64)], 64);
        }

        using var reader = AudioReader.Open(TestPipeline.Tools, info, CancellationToken.None);
        var cutter = new SegmentCutter(grid, grid.UsefulSamples(info.Timeline), 0);
        var samples = new float[16_000];
        for (int read; (read = reader.Read(samples)) > 0;)
        {
            cutter.Add(samples.AsSpan(0, read), Encode);
        }

        var count = grid.Count(cutter.Samples, info.Timeline);
        cutter.Finish(count, Encode);
        return new TokenWindow(i => segments[i], count, grid.TokensPerSegment, 64);
    }

    private static List<int> Flashes(VideoInfo info)
    {
        using var reader = FrameReader.Open(TestPipeline.Tools, info, info.Timeline.Pts[0], long.MaxValue, info.Width, info.Height, null, CancellationToken.None);
        var (rgb, flashes) = (new byte[info.Width * info.Height * 3], new List<int>());
        while (reader.TryReadFrame(rgb, out var pts))
        {
            if (rgb[0] > 128)
            {
                flashes.Add(info.Timeline.FirstAtOrAfter(pts));
            }
        }

        return flashes;
    }

    private async Task<VideoInfo> VideoAsync(string name, string rate, string time, double late, double[] clicks)
    {
        var path = Path.Combine(_data.Inputs, name);
        string Text(double value) => value.ToString("F6", CultureInfo.InvariantCulture);
        var flash = string.Join('+', FlashFrames.Select(n => $"eq(N,{n})"));
        // A click of all frequencies: a random network may be deaf to a tone.
        var click = clicks.Length == 0 ? "0" : string.Join('+', clicks.Select(c => $"between(t,{Text(c - late)},{Text(c - late + 0.01)})*1.8*(random(0)-0.5)"));
        Ffmpeg.Run(
            [
                "-f", "lavfi", "-i", $"color=black:size=16x16:rate={rate}:duration=600,format=gray,geq=lum='if({flash},255,0)',setpts='round(({time})/TB)'",
                "-itsoffset", Text(late), "-f", "lavfi", "-i", $"aevalsrc='0.02*sin(2*PI*220*t)+{click}':s=16000:d=600",
                "-map", "0:v", "-map", "1:a", "-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "ultrafast", "-g", "250", "-c:a", "pcm_s16le", path,
            ]);
        return await new VideoProbe(TestPipeline.Tools).ProbeAsync(path, CancellationToken.None);
    }
}
