using System.Runtime.InteropServices;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media;

/// <summary>
/// Reads a video's audio track, up to <see cref="MarginSeconds"/> after its last frame, as mono samples on the video's clock: sample n is heard
/// <c>n / <see cref="SampleRate"/></c> seconds after the first frame is shown. Earlier audio is cut; a late start and gaps are silence.
/// Not for use by several threads at once.
/// </summary>
public sealed class AudioReader : IDisposable
{
    /// <summary>Samples per second of the output.</summary>
    public const int SampleRate = 16_000;

    /// <summary>How long after the last frame audio is still read, in seconds.</summary>
    public const double MarginSeconds = 10;

    private const string Stage = "audio";

    private readonly MediaProcess process;
    private readonly byte[] torn = new byte[sizeof(float)];
    private int tornBytes;

    private AudioReader(MediaProcess process) => this.process = process;

    /// <summary>Starts to decode the audio track.</summary>
    /// <param name="tools">The ffmpeg to use.</param>
    /// <param name="info">The video; it must have an audio track.</param>
    /// <param name="ct">Ends the decoder; a read then throws <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The video has no audio track.</exception>
    /// <exception cref="InputFaultException">The file is not the one that was probed any more.</exception>
    /// <exception cref="EnvironmentFaultException">ffmpeg cannot be started.</exception>
    public static AudioReader Open(FfmpegTools tools, VideoInfo info, CancellationToken ct) => Open(tools, info, FrameReaderOptions.Default, ct);

    internal static AudioReader Open(FfmpegTools tools, VideoInfo info, FrameReaderOptions options, CancellationToken ct)
    {
        if (info.Audio is not { } audio)
        {
            throw new ArgumentException("The video has no audio track.", nameof(info));
        }

        SourceFile.RequireUnchanged(info, Stage);
        var start = info.Timeline.SecondsAt(0);
        var arguments = FfmpegArguments.DecodeAudio(info.Path, audio.StreamIndex, start, start + info.Timeline.DurationSeconds + MarginSeconds, SampleRate);
        return new AudioReader(MediaProcess.Start(tools, tools.FfmpegPath, Stage, arguments, options.StallTimeout, ct));
    }

    /// <summary>Reads the next samples; blocks until there are some.</summary>
    /// <param name="samples">Where to, not empty; mono, nominally -1 to 1.</param>
    /// <returns>The number of samples, at least 1; 0 at the track's end.</returns>
    /// <exception cref="InputFaultException">The track makes the decoder fail or hang.</exception>
    /// <exception cref="EnvironmentFaultException">ffmpeg was killed or is missing.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public int Read(Span<float> samples)
    {
        var bytes = MemoryMarshal.AsBytes(samples);
        torn.AsSpan(0, tornBytes).CopyTo(bytes);
        for (var have = tornBytes; ;)
        {
            var n = process.Read(bytes[have..]);
            if (n == 0)
            {
                process.Complete();
                return 0;
            }

            have += n;
            if (have >= sizeof(float))
            {
                // A pipe cuts where it likes: keep the start of a torn sample for the next read.
                tornBytes = have % sizeof(float);
                bytes.Slice(have - tornBytes, tornBytes).CopyTo(torn);
                return have / sizeof(float);
            }
        }
    }

    /// <summary>Ends the decoder's process group and reaps it.</summary>
    public void Dispose() => process.Dispose();
}
