using System.Runtime.InteropServices;
using ActorCluster.Core.Audio;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;

namespace ActorCluster.Training.Encoders;

/// <summary>Decodes the track of a video that an audio encoder is trained on, as the pipeline hears it.</summary>
/// <param name="tools">The ffmpeg to use.</param>
/// <param name="settings">The pipeline's audio settings.</param>
/// <param name="grid">The pipeline's segments.</param>
internal sealed class AudioPreparation(FfmpegTools tools, AudioSettings settings, SegmentGrid grid)
{
    private const float FullScale = short.MaxValue;

    /// <summary>Writes the samples as 16-bit integers.</summary>
    /// <param name="info">What was found out about the video.</param>
    /// <param name="labels">The label of each frame; of those around which the track is silent it is taken away.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>When each frame is shown, in seconds after the first.</returns>
    /// <exception cref="InputFaultException">The track cannot be decoded.</exception>
    public double[] Write(VideoInfo info, sbyte[] labels, Stream stream, CancellationToken cancellation)
    {
        var (meter, left, total) = (new LevelMeter(), grid.UsefulSamples(info.Timeline), 0L);
        if (info.Audio is not null)
        {
            using var reader = AudioReader.Open(tools, info, cancellation);
            var (samples, integers) = (new float[AudioReader.SampleRate], new short[AudioReader.SampleRate]);
            int read;
            while ((read = reader.Read(samples)) > 0)
            {
                meter.Add(samples.AsSpan(0, read));
                var count = (int)Math.Min(read, left);
                for (var i = 0; i < count; i++)
                {
                    integers[i] = float.IsFinite(samples[i]) ? (short)Math.Round(Math.Clamp(samples[i], -1, 1) * FullScale) : (short)0;
                }

                stream.Write(MemoryMarshal.AsBytes(integers.AsSpan(0, count)));
                (left, total) = (left - count, total + count);
            }
        }

        var present = AudioPresence.Find(meter.Finish(), info.Timeline, settings);
        var times = new double[labels.Length];
        for (var frame = 0; frame < labels.Length; frame++)
        {
            times[frame] = info.Timeline.SecondsAt(frame) - info.Timeline.SecondsAt(0);

            // A frame behind the track's last token has no feature, whatever is heard around it.
            var heard = present[frame] && (times[frame] * AudioReader.SampleRate) + SegmentGrid.TokenSamples <= total;
            labels[frame] = heard ? labels[frame] : (sbyte)-1;
        }

        return times;
    }

    /// <summary>Samples as they were decoded, full scale 1.</summary>
    public static void ToFloats(ReadOnlySpan<short> integers, Span<float> samples)
    {
        for (var i = 0; i < integers.Length; i++)
        {
            samples[i] = integers[i] / FullScale;
        }
    }
}
