using ActorCluster.Core.Pipelines;

namespace ActorCluster.Core.Audio;

/// <summary>
/// The grid on which audio tracks are encoded: segments of one length from the video's first frame on, each heard with context on both sides. It knows
/// nothing of the video's chunks, so what is stored does not depend on them.
/// </summary>
public sealed class SegmentGrid
{
    /// <summary>Samples per second.</summary>
    public const int SampleRate = LevelMeter.SampleRate;

    /// <summary>Samples from token to token (WavLM's convolutions: 5*2*2*2*2*2*2): 20 ms.</summary>
    public const int HopSamples = 320;

    /// <summary>Samples that one token covers (the convolutions' receptive field): 25 ms.</summary>
    public const int TokenSamples = 400;

    /// <summary>How long after the last frame the track is still encoded, in seconds: at least half of the widest pooling window.</summary>
    public const double TailSeconds = 2;

    private readonly int segment;
    private readonly int context;

    /// <summary>Makes a grid.</summary>
    /// <param name="settings">Lengths of segment and context; both are whole numbers of hops.</param>
    public SegmentGrid(AudioEncoderSettings settings)
    {
        segment = (int)Math.Round(settings.SegmentSeconds * SampleRate / HopSamples) * HopSamples;
        context = (int)Math.Round(settings.ContextSeconds * SampleRate / HopSamples) * HopSamples;
    }

    /// <summary>The one length of every forward pass in samples; shorter input is padded with zeros behind it.</summary>
    public int InputSamples => segment + (2 * context);

    /// <summary>The most tokens that a segment keeps.</summary>
    public int TokensPerSegment => segment / HopSamples;

    /// <summary>How many samples of a track are encoded at most, context included.</summary>
    /// <param name="timeline">The video's frames.</param>
    public long UsefulSamples(FrameTimeline timeline) => LastSample(timeline) + context;

    /// <summary>The number of segments of a track.</summary>
    /// <param name="samples">How many samples the track has, cut to <see cref="UsefulSamples"/>.</param>
    /// <param name="timeline">The video's frames.</param>
    public int Count(long samples, FrameTimeline timeline) => (int)((Math.Min(samples, LastSample(timeline)) + segment - 1) / segment);

    /// <summary>The end of what segment <paramref name="index"/> hears of an endless track: it can be encoded once so many samples are read.</summary>
    public long EndOf(int index) => ((index + 1L) * segment) + context;

    /// <summary>One segment of a track of a known length.</summary>
    /// <param name="index">The segment's 0-based index, less than <see cref="Count"/>.</param>
    /// <param name="samples">How many samples the track has.</param>
    public AudioSegment this[int index, long samples]
    {
        get
        {
            var start = Math.Max(0, ((long)index * segment) - context);
            var length = (int)(Math.Min(samples, EndOf(index)) - start);
            var firstToken = (long)index * TokensPerSegment;
            var tokensEnd = (start / HopSamples) + TokensOf(length);
            return new AudioSegment(index, start, length, firstToken, (int)Math.Clamp(tokensEnd - firstToken, 0, TokensPerSegment));
        }
    }

    /// <summary>How many tokens the encoder gives for so many samples.</summary>
    public static int TokensOf(int samples) => samples < TokenSamples ? 0 : ((samples - TokenSamples) / HopSamples) + 1;

    /// <summary>When a token's centre is heard, in seconds after the first frame is shown: 0.02 k + 0.0125.</summary>
    public static double CentreOf(long token) => ((token * HopSamples) + (TokenSamples / 2)) / (double)SampleRate;

    /// <summary>The tokens whose centres lie in a window around a time.</summary>
    /// <param name="seconds">The window's centre in seconds after the first frame is shown.</param>
    /// <param name="width">The window's width in seconds.</param>
    /// <returns>The first token and the one after the last; both at least 0, and equal if there is none.</returns>
    public static (long First, long End) TokensAround(double seconds, double width)
    {
        long Before(double at) => (long)Math.Ceiling(((at * SampleRate) - (TokenSamples / 2.0)) / HopSamples);
        var first = Math.Max(0, Before(seconds - (width / 2)));
        return (first, Math.Max(first, Before(seconds + (width / 2))));
    }

    private static long LastSample(FrameTimeline timeline) =>
        (long)((timeline.TimeBase.ToSeconds(timeline.Pts[^1] - timeline.Pts[0]) + TailSeconds) * SampleRate);
}
