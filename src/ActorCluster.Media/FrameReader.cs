using ActorCluster.Core;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media;

/// <summary>
/// Reads the frames of one interval of a video: exactly those that one sequential decode of the whole file shows with a timestamp in the
/// interval, each with its own timestamp. Not for use by several threads at once.
/// </summary>
public sealed class FrameReader : IDisposable
{
    private const string Stage = "decode";

    private readonly FfmpegTools tools;
    private readonly VideoInfo info;
    private readonly long startPts;
    private readonly long endPts;
    private readonly int width;
    private readonly int height;
    private readonly FrameReaderOptions options;
    private readonly CancellationToken ct;
    private readonly long origin;
    private long? seekPoint;
    private MediaProcess process;
    private NutReader nut;
    private bool landed;
    private int nextFrame;

    private FrameReader(FfmpegTools tools, VideoInfo info, long startPts, long endPts, int width, int height, FrameReaderOptions options, CancellationToken ct)
    {
        this.tools = tools;
        this.info = info;
        this.startPts = startPts;
        this.endPts = endPts;
        this.width = width;
        this.height = height;
        this.options = options;
        this.ct = ct;
        origin = info.Timeline.Pts[0];
        nextFrame = info.Timeline.FirstAtOrAfter(startPts);
        seekPoint = LastSeekPoint();
        (process, nut) = Start();
    }

    /// <summary>
    /// Whether decoding started inside the file rather than at its beginning. Turns false at the first read when the container's index led astray.
    /// </summary>
    public bool Seeked => seekPoint is not null;

    /// <summary>The decoder's process id.</summary>
    internal int ProcessId => process.Id;

    /// <summary>Starts to decode the frames with <paramref name="startPts"/> &lt;= PTS &lt; <paramref name="endPts"/>.</summary>
    /// <param name="tools">The ffmpeg to use.</param>
    /// <param name="info">The video.</param>
    /// <param name="startPts">Inclusive start in the stream's ticks.</param>
    /// <param name="endPts">Exclusive end in the stream's ticks.</param>
    /// <param name="width">Width of the frames to return in pixels, 1 to <see cref="VideoInfo.MaxSide"/>.</param>
    /// <param name="height">Height of the frames to return in pixels, 1 to <see cref="VideoInfo.MaxSide"/>.</param>
    /// <param name="options">How to read; null for <see cref="FrameReaderOptions.Default"/>.</param>
    /// <param name="ct">Ends the decoder; a read then throws <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is empty or the size is out of range.</exception>
    /// <exception cref="InputFaultException">The file is not the one that was probed any more.</exception>
    /// <exception cref="EnvironmentFaultException">ffmpeg cannot be started.</exception>
    public static FrameReader Open(
        FfmpegTools tools, VideoInfo info, long startPts, long endPts, int width, int height, FrameReaderOptions? options, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(startPts, endPts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, VideoInfo.MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, VideoInfo.MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, VideoInfo.MaxPixels);
        SourceFile.RequireUnchanged(info, Stage);
        return new FrameReader(tools, info, startPts, endPts, width, height, options ?? FrameReaderOptions.Default, ct);
    }

    /// <summary>Reads the next frame; blocks until it is there, so call it on a thread of its own.</summary>
    /// <param name="rgb">Where to: [height, width, 3], 8-bit red, green, blue.</param>
    /// <param name="pts">The frame's timestamp in the stream's ticks, an entry of the timeline, greater than the one before.</param>
    /// <returns>False when there are no more. Timeline entries that were passed over could not be decoded.</returns>
    /// <exception cref="InputFaultException">The file makes the decoder fail, hang, or show frames that the timeline does not have.</exception>
    /// <exception cref="EnvironmentFaultException">ffmpeg was killed or is missing.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool TryReadFrame(Span<byte> rgb, out long pts)
    {
        if (rgb.Length != width * height * 3)
        {
            throw new ArgumentException($"{width}x{height} pixels need {width * height * 3} bytes, not {rgb.Length}.", nameof(rgb));
        }

        try
        {
            while (TryReadHeader(out pts))
            {
                if (pts >= startPts)
                {
                    RequirePlanned(pts);
                    nut.ReadBody(rgb);
                    return true;
                }

                nut.SkipBody();
            }

            process.Complete();
            return false;
        }
        catch (InvalidDataException e)
        {
            throw process.FaultOf(e);
        }
    }

    /// <summary>Ends the decoder's process group and reaps it.</summary>
    public void Dispose() => process.Dispose();

    private bool TryReadHeader(out long pts)
    {
        while (true)
        {
            var more = nut.TryReadFrame(out var ticks, out var size);
            pts = more ? nut.Rescale(ticks, info.Timeline.TimeBase) + origin : long.MaxValue;
            if (landed || seekPoint is null || pts <= seekPoint)
            {
                landed = true;
                if (more && size != width * height * 3)
                {
                    throw new InvalidDataException($"A picture of {width}x{height} has {size} bytes.");
                }

                return more;
            }

            // The container's index led past the seek point, so frames may be missing: decode from the beginning instead.
            seekPoint = null;
            process.Dispose();
            (process, nut) = Start();
        }
    }

    private void RequirePlanned(long pts)
    {
        var frame = info.Timeline.FirstAtOrAfter(pts);
        if (frame < nextFrame || frame == info.Timeline.Count || info.Timeline.Pts[frame] != pts || pts >= endPts)
        {
            throw new InputFaultException(Stage, $"The decoder shows a frame at PTS {pts} ({info.Timeline.TimeBase.ToSeconds(pts):F3} s) that the file's timeline does not have.", process.Messages);
        }

        nextFrame = frame + 1;
    }

    private long? LastSeekPoint()
    {
        if (!info.Seek.Trusted)
        {
            return null;
        }

        var points = info.Seek.SeekPoints;
        var at = points.AsSpan().BinarySearch(startPts);
        at = at >= 0 ? at : ~at - 1;
        return at >= 0 && points[at] > info.Timeline.Pts[0] ? points[at] : null;
    }

    private (MediaProcess Process, NutReader Nut) Start()
    {
        var timeBase = info.Timeline.TimeBase;
        var filters = FfmpegArguments.ChunkFilters(timeBase, seekPoint is null, startPts, endPts, origin, width, height);
        var arguments = FfmpegArguments.Decode(info.Path, info.Codec, info.StreamIndex, timeBase, SeekRules.TargetSeconds(info, seekPoint), filters);
        var started = MediaProcess.Start(tools, tools.FfmpegPath, Stage, arguments, options.StallTimeout, ct);
        return (started, new NutReader(new NutInput(started.Read)));
    }
}
