using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ActorCluster.Core;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media;

/// <summary>Finds out what a video is before any frame of it is worked on: its streams, its timeline, where decoding may start, its content's hash.</summary>
public sealed class VideoProbe
{
    private const string Stage = "probe";
    private const int MaxDescription = 4 << 20;
    private const int HashBlock = 1 << 20;
    private const int OriginMarginSeconds = 3600;

    // Timestamps pass through double precision inside ffmpeg's filters.
    private const long MaxTimestamp = 1L << 52;

    private readonly FfmpegTools tools;
    private readonly TimeSpan stallTimeout;

    /// <summary>Makes a probe.</summary>
    /// <param name="tools">The ffmpeg and ffprobe to use.</param>
    public VideoProbe(FfmpegTools tools)
        : this(tools, FrameReaderOptions.Default.StallTimeout)
    {
    }

    internal VideoProbe(FfmpegTools tools, TimeSpan stallTimeout)
    {
        this.tools = tools;
        this.stallTimeout = stallTimeout;
    }

    /// <summary>Probes one video. It reads the file twice, and decodes it where its packets do not tell the timeline.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="ct">Ends the probe.</param>
    /// <exception cref="InputFaultException">The file cannot be processed; its cause says why.</exception>
    /// <exception cref="EnvironmentFaultException">The tools are missing or were killed.</exception>
    public Task<VideoInfo> ProbeAsync(string path, CancellationToken ct) =>
        // The reads below block, on pipes and on the file: they get a thread of their own, not the pool's.
        Task.Factory.StartNew(() => Probe(Path.GetFullPath(path), ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private VideoInfo Probe(string path, CancellationToken ct)
    {
        SourceFile.RequireReadable(path, Stage);
        var stamp = FileStamp.Of(path);
        var facts = StreamFacts.Parse(Describe(path, ct));
        var warnings = new List<string>();
        if (facts.VideoStreams > 1)
        {
            warnings.Add($"The file has {facts.VideoStreams} video streams; stream {facts.Video.Index} is used.");
        }

        var packets = ListPackets(path, facts.Video.Index, ct);
        var (timeline, whyDecoded) = TimelineOf(path, facts, packets, ct);
        if (whyDecoded is not null)
        {
            warnings.Add($"The frame times come from decoding the whole file: {whyDecoded}");
        }

        var seek = whyDecoded is null ? PlanSeeks(path, facts, packets, timeline, ct) : new SeekPlan(false, whyDecoded, []);
        var hash = Hash(path, ct);
        if (FileStamp.Of(path) != stamp)
        {
            throw new InputFaultException(Stage, $"The file changed while it was probed: {path}");
        }

        return new VideoInfo(
            path, stamp, hash, facts.Container, facts.Codec, facts.Video.Index, facts.Width, facts.Height, timeline, seek, facts.Audio, [.. warnings]);
    }

    private string Describe(string path, CancellationToken ct)
    {
        string[] arguments = [.. FfmpegArguments.Ffprobe, "-show_entries", StreamFacts.Entries, "-of", "json", .. FfmpegArguments.Input(path)];
        using var process = MediaProcess.Start(tools, tools.FfprobePath, Stage, arguments, stallTimeout, ct);
        var buffer = new byte[64 * 1024];
        using var text = new MemoryStream();
        for (int n; (n = process.Read(buffer)) > 0;)
        {
            text.Write(buffer, 0, n);
            if (text.Length > MaxDescription)
            {
                throw new InputFaultException(Stage, $"The description of the file's streams is larger than {MaxDescription} bytes.");
            }
        }

        try
        {
            process.Complete();
        }
        catch (InputFaultException fault) when (ProbeMessages.CauseOf(fault.ToolOutput, path) is { } cause)
        {
            throw new InputFaultException(Stage, cause, fault.ToolOutput, fault);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private PacketList ListPackets(string path, int streamIndex, CancellationToken ct)
    {
        using var process = MediaProcess.Start(tools, tools.FfprobePath, Stage, PacketList.Arguments(path, streamIndex), stallTimeout, ct);
        var packets = PacketList.Read(process.Read);
        process.Complete();
        return packets.IsEncrypted ? throw new InputFaultException(Stage, StreamFacts.Encrypted) : packets;
    }

    private (FrameTimeline Timeline, string? WhyDecoded) TimelineOf(string path, StreamFacts facts, PacketList packets, CancellationToken ct)
    {
        if (packets.Pts.Count + packets.WithoutPts == 0)
        {
            throw new InputFaultException(Stage, "The video stream has no frames.");
        }

        var sorted = packets.Pts.ToArray();
        Array.Sort(sorted);
        var pts = ImmutableCollectionsMarshal.AsImmutableArray(sorted);
        var why = TimelineRules.WhyPacketsDoNotTell(facts, packets, pts);
        if (why is not null)
        {
            pts = DecodeTimestamps(path, facts, ct);
        }

        if (pts[0] < -MaxTimestamp || pts[^1] > MaxTimestamp)
        {
            throw new InputFaultException(Stage, $"Timestamps from {pts[0]} to {pts[^1]} are out of range.");
        }

        return (new FrameTimeline(facts.TimeBase, pts), why);
    }

    private ImmutableArray<long> DecodeTimestamps(string path, StreamFacts facts, CancellationToken ct)
    {
        // The first decoded frame may be earlier than what the container claims, and NUT has no negative timestamps.
        var origin = facts.StartPts - facts.TimeBase.ToTicks(OriginMarginSeconds);
        var filters = FfmpegArguments.TimestampFilters(facts.TimeBase, origin);
        var arguments = FfmpegArguments.Decode(path, facts.Codec, facts.Video.Index, facts.TimeBase, null, filters);
        using var process = MediaProcess.Start(tools, tools.FfmpegPath, Stage, arguments, stallTimeout, ct);
        var nut = new NutReader(new NutInput(process.Read));
        var pts = ImmutableArray.CreateBuilder<long>();
        try
        {
            while (nut.TryReadFrame(out var ticks, out _))
            {
                nut.SkipBody();
                if (pts.Count == VideoInfo.MaxFrames)
                {
                    throw new InputFaultException(Stage, $"The video has more than {VideoInfo.MaxFrames} frames.");
                }

                pts.Add(nut.Rescale(ticks, facts.TimeBase) + origin);
            }
        }
        catch (InvalidDataException e)
        {
            throw process.FaultOf(e);
        }

        process.Complete();
        return pts.Count > 0 ? pts.DrainToImmutable() : throw new InputFaultException(Stage, "No frame of the video can be decoded.", process.Messages);
    }

    private SeekPlan PlanSeeks(string path, StreamFacts facts, PacketList packets, FrameTimeline timeline, CancellationToken ct)
    {
        var codec = facts.Codec;
        if (SeekRules.WhyNever(facts, packets, timeline, path) is { } why)
        {
            return new SeekPlan(false, why, []);
        }

        // A key frame that is not shown first of all leaves nothing to seek to.
        if (packets.KeyPts.All(key => key <= timeline.Pts[0]) || SeekRules.RandomAccessUnits(codec) is not { } units)
        {
            return SeekRules.Plan(packets.KeyPts, codec);
        }

        using var process = MediaProcess.Start(tools, tools.FfmpegPath, Stage, SeekRules.RandomAccessArguments(path, facts.Video.Index, units), stallTimeout, ct);
        var found = SeekRules.ReadFrameCrc(process.Read);
        process.Complete();
        return SeekRules.Plan(packets.KeyPts.Where(found.Contains), codec);
    }

    private static string Hash(string path, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = SourceFile.Open(path);
        var block = new byte[HashBlock];
        for (int n; (n = file.Read(block)) > 0;)
        {
            ct.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, n);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
