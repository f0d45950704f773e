using System.Collections.Immutable;
using System.Diagnostics;
using ActorCluster.Core;
using ActorCluster.Media;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Telemetry;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;
using Akka.Actor;
using Akka.Event;
using static ActorCluster.Processing.Inference.InferenceMessages;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// Works on one leased unit: passes faces from the decoder to the encoder, stores each chunk's features, and reports to the video by its name until
/// the video has recorded it. It ends with its lease.
/// </summary>
internal sealed class ChunkActor : UntypedActor, IWithTimers
{
    private const string EncodeStage = "encode";
    private static readonly TimeSpan ResendEvery = TimeSpan.FromSeconds(2);

    private readonly StartUnit _order;
    private readonly NodeContext _node;
    private readonly PipelineAssets _assets;
    private readonly VideoInfo _info;
    private readonly Encoders _encoders;
    private readonly IActorRef _videos;
    private readonly UnitProgress _progress;
    private readonly DecodeJob _job;
    private readonly UnitLoad _load;
    private readonly SortedSet<int> _segmentsStored = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<int, ChunkResults> _results = [];
    private readonly List<object> _unrecorded = [];
    private readonly DateTime _began = DateTime.UtcNow;
    private readonly Activity? _work;
    private Activity? _decode;
    private Activity? _encode;
    private AudioLevels? _levels;
    private int _segments;
    private int _segmentsOutstanding;
    private bool _audioStored;
    private bool _chunkStored;
    private int _storing;
    private bool _allDecoded;
    private bool _givenUp;

    public ChunkActor(StartUnit order, NodeContext node, PipelineAssets assets, VideoInfo info, Encoders encoders, IActorRef videos, UnitProgress progress)
    {
        _order = order;
        _node = node;
        _assets = assets;
        _info = info;
        _encoders = encoders;
        _job = new DecodeJob(assets.Decoding, info, order, node.Staging) { Progress = progress };
        _load = node.Meter.Lag.Begin(node.Meter.Device);
        _segments = order.AudioFrom;
        _videos = videos;
        _progress = progress;
        _audioStored = order.AudioDone || !order.Unit.Audio;
        _work = ChunkSpans.Below(order.Trace, "work")?.SetTag("actorcluster.node", node.Name);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(StartUnit order, NodeContext node, PipelineAssets assets, VideoInfo info, Encoders encoders, IActorRef videos, UnitProgress progress) =>
        Akka.Actor.Props.Create(() => new ChunkActor(order, node, assets, info, encoders, videos, progress));

    protected override void PreStart()
    {
        _node.Meter.WorkBegins();
        _decode = ChunkSpans.Below(_work?.Id, "decode");
        Context.ActorOf(DecodeWorkerActor.Props(Source(), _progress), "decoder");
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.FromSeconds(1));
        Timers.StartPeriodicTimer(Resend.Instance, Resend.Instance, ResendEvery);
    }

    protected override void PostStop()
    {
        _job.Dispose();
        _load.Dispose();
        _node.Meter.WorkEnds();
        _decode?.Dispose();
        _encode?.Dispose();
        _work?.Dispose();
        Context.Parent.Tell(new UnitEnded(_order.Lease));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case VideoReplies.WorkRecorded m:
                _unrecorded.RemoveAll(u => m.FirstChunk == (u is VideoCommands.WorkStored s ? s.FirstChunk : VideoReplies.WorkRecorded.End));
                EndIfDone();
                break;
            case Resend:
                _unrecorded.ForEach(_videos.Tell);
                break;
            case Tick:
                _videos.Tell(new VideoCommands.WorkProgressed(_order.Key, _order.Unit.Index, _progress.Stage, _progress.Frames, _order.Lease));
                break;
            case GiveUp m when !_givenUp:
                End(new VideoCommands.WorkInterrupted(_order.Key, _order.Lease, _order.Unit.Index, m.Reason));
                break;
            case StepFailed m when !_givenUp:
                Failed(m);
                break;
            case BatchDecoded m when !_givenUp:
                Results(m.Batch.Chunk).Outstanding++;
                Requested();
                _encoders.Visual.Tell(new Encode<FaceBatch>(m.Batch));
                break;
            case Encoded<FaceBatch> m when !_givenUp:
                Encoded(m.Request);
                break;
            case SegmentDecoded m when !_givenUp:
                _segmentsOutstanding++;
                Requested();
                _encoders.Audio!.Tell(new Encode<SegmentRequest>(m.Segment));
                break;
            case Encoded<SegmentRequest> m when !_givenUp:
                Encoded(m.Request);
                break;
            case SegmentStored m when !_givenUp:
                SegmentIsStored(m.Segment);
                break;
            case ChunkDecoded m when !_givenUp:
                Results(m.Chunk.Index).Decoded = m;
                StoreIfComplete(m.Chunk.Index);
                break;
            case AudioDecoded m when !_givenUp:
                _levels = m.Levels;
                StoreLevels();
                break;
            case Stored m when !_givenUp:
                _storing--;
                _node.Instruments.FramesEncoded.Add(m.Chunk < 0 ? 0 : _job.Plan[m.Chunk].FrameCount);
                Report(m.Chunk);
                break;
            case Written m when !_givenUp:
                _progress.StoreWaiting = false;
                Self.Tell(m.Writing.Stored);
                break;
            case WriteFailed m when !_givenUp:
                WriteBroke(m);
                break;
            case Writing m when !_givenUp:
                Attempt(m);
                break;
            case UnitDecoded:
                _load.Decoded();
                _decode?.Dispose();
                _allDecoded = true;
                NameStage();
                EndIfDone();
                break;
        }
    }

    /// <summary>
    /// What decodes the unit. One that was in flight before, or that must be alone, is decoded here: where a video makes decoders die it takes no more than
    /// one of another node with it, and its deaths are counted where suspects are.
    /// </summary>
    private IDecodeSource Source()
    {
        var local = new DecodeWork(_node, _job);
        if (_order is not { Decoder.Length: > 0, Attempt: 1, Alone: false } || _node.LostDecoders.Has(_order.Decoder))
        {
            return local;
        }

        var (log, limits) = (_log, DecodeLimits.Default);
        var decoder = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(_order.Decoder);
        var request = new DecodeMessages.OpenDecode(_node.Name, _assets.Decoding.Key, _order with { Trace = _decode?.Id ?? "" });
        return new RemoteDecode(
            _job, _order.Decoder, cancellation => Ask(decoder, request, limits.Offer, cancellation), local, _node.LostDecoders, limits, text => log.Info("{0}", text));
    }

    private static object? Ask(IActorRef decoder, object request, TimeSpan within, CancellationToken cancellation)
    {
        try
        {
            return decoder.Ask<object>(request, within, cancellation).GetAwaiter().GetResult();
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private ChunkResults Results(int chunk)
    {
        if (!_results.TryGetValue(chunk, out var results))
        {
            _results.Add(chunk, results = new ChunkResults(_job.Plan[chunk], _assets.Visual));
        }

        return results;
    }

    private void Requested()
    {
        _load.Requested();
        _encode ??= ChunkSpans.Below(_work?.Id, "encode");
    }

    private void Answered()
    {
        _load.Answered();
        _encode?.SetEndTime(DateTime.UtcNow);
        _progress.Step();
    }

    private void Encoded(FaceBatch batch)
    {
        Answered();
        var results = Results(batch.Chunk);
        results.Take(batch);
        results.Outstanding--;
        var chunk = batch.Chunk;
        _job.Batches.Return(batch);
        StoreIfComplete(chunk);
    }

    private void Encoded(SegmentRequest request)
    {
        Answered();
        var segment = request.Segment;
        var tokens = new AudioTokens(segment.FirstToken, request.Features[..(segment.TokenCount * request.Width)], request.Width);
        _job.Segments!.Return(request);
        Store(() => _node.Features.WriteSegment(_order.Run.AudioKey, _info.ContentHash, segment.Index, tokens), new SegmentStored(segment.Index));
    }

    private void SegmentIsStored(int segment)
    {
        _progress.Step();
        _storing--;
        _segmentsOutstanding--;
        _segmentsStored.Add(segment);
        var before = _segments;
        while (_segmentsStored.Remove(_segments))
        {
            _segments++;
        }

        // The video's last word on its audio says it all; before, a death should not cost what is stored.
        if (_segments > before && (_levels is null || _segmentsOutstanding > 0))
        {
            _videos.Tell(new VideoCommands.AudioAdvanced(_order.Key, _order.Unit.Index, _segments));
        }

        StoreLevels();
    }

    /// <summary>The levels go last: where they are, every segment is.</summary>
    private void StoreLevels()
    {
        if (_levels is { } levels && _segmentsOutstanding == 0)
        {
            _levels = null;
            Store(() => _node.Features.WriteAudio(_order.Run.AudioKey, _info.ContentHash, levels), new Stored(-1));
        }
    }

    private void StoreIfComplete(int chunk)
    {
        if (_results[chunk] is { IsComplete: true } results)
        {
            _results.Remove(chunk);
            Store(() => _node.Features.WriteChunk(_assets.EncoderHash, _info.ContentHash, chunk, results.ToVisualChunk(_info.Timeline)), new Stored(chunk));
        }
    }

    private void Store(Action write, object stored)
    {
        _storing++;
        NameStage();
        Attempt(new Writing(write, stored, DateTime.UtcNow, 0));
    }

    /// <summary>What is left once the decoder, which names its own stages, has ended.</summary>
    private void NameStage() => _progress.Stage = !_allDecoded ? _progress.Stage : _storing > 0 ? "store" : EncodeStage;

    private void Attempt(Writing writing) => OwnThread.Run(() =>
    {
        var began = Stopwatch.GetTimestamp();
        using var span = ChunkSpans.Below(_work?.Id, "store");
        _node.Data.RequirePresent();
        writing.Write();
        _node.Instruments.StoreDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }).PipeTo(Self, Self, success: () => new Written(writing), failure: e => new WriteFailed(writing, e));

    /// <summary>A store that is away for a while costs neither lease nor work: what is encoded waits here, and the heartbeat says so.</summary>
    private void WriteBroke(WriteFailed m)
    {
        var fault = Fault.Of(m.Cause, "store");
        if (fault is not { IsInput: false, Stage: "store" } || DateTime.UtcNow - m.Writing.Began > _node.Settings.Timers.StoreWait)
        {
            Failed(new StepFailed(m.Cause, "store"));
            return;
        }

        if (m.Writing.Failures == 0)
        {
            _node.Instruments.StoreWaits.Add(1);
            _log.Warning("Run {Run}, video {Video}, {Chunk}: {Fault} Trying again for {Seconds} s.", _order.Key.Run, _order.VideoId, _order.Unit, fault, _node.Settings.Timers.StoreWait.TotalSeconds);
        }

        _progress.StoreWaiting = true;
        var again = m.Writing with { Failures = m.Writing.Failures + 1 };
        Timers.StartSingleTimer(again, again, TimeSpan.FromSeconds(Math.Min(8, 0.25 * (1 << Math.Min(m.Writing.Failures, 5)))));
    }

    private void Report(int chunk)
    {
        _progress.Step();
        var seconds = (DateTime.UtcNow - _began).TotalSeconds;
        if (chunk < 0)
        {
            _audioStored = true;
        }

        // The audio of a video of one chunk is reported with the chunk: one event instead of two.
        var together = _order.Unit is { Audio: true, ChunkCount: 1 } && !_order.DoneChunks.Contains(_order.Unit.FirstChunk);
        if (together)
        {
            if (chunk >= 0)
            {
                _chunkStored = true;
            }

            if (!_audioStored || !_chunkStored)
            {
                return;
            }

            chunk = _order.Unit.FirstChunk;
        }

        var report = chunk < 0
            ? new VideoCommands.WorkStored(_order.Key, _order.Lease, _order.Unit.Index, -1, 0, Audio: true, seconds, _work?.Id ?? "")
            : new VideoCommands.WorkStored(_order.Key, _order.Lease, _order.Unit.Index, chunk, 1, Audio: together, seconds, _work?.Id ?? "");
        _unrecorded.Add(report);
        _videos.Tell(report);
    }

    private void Failed(StepFailed failure)
    {
        if (failure.Cause is OperationCanceledException)
        {
            End(new VideoCommands.WorkInterrupted(_order.Key, _order.Lease, _order.Unit.Index, "cancelled"));
            return;
        }

        if (failure.Cause is DecoderLostException lost)
        {
            _log.Warning("Run {Run}, video {Video}, {Chunk}, attempt {Attempt}: {Cause}. It is tried again.", _order.Key.Run, _order.VideoId, _order.Unit, _order.Attempt, lost.Message);
            End(new VideoCommands.WorkInterrupted(_order.Key, _order.Lease, _order.Unit.Index, lost.Message));
            return;
        }

        var fault = Fault.Of(failure.Cause, failure.Stage);
        if (failure.Stage == EncodeStage && !_node.Settings.Inference.IsCpu)
        {
            _node.DeviceFailed(fault); // An error of CUDA stays for the life of the process.
        }

        _log.Warning("Run {Run}, video {Video}, {Chunk}, attempt {Attempt}: {Fault}", _order.Key.Run, _order.VideoId, _order.Unit, _order.Attempt, fault);
        End(new VideoCommands.WorkFailed(_order.Key, _order.Lease, _order.Unit.Index, fault));
    }

    private void End(object report)
    {
        _givenUp = true;
        _work?.SetStatus(ActivityStatusCode.Error, report.GetType().Name);
        foreach (var child in Context.GetChildren())
        {
            Context.Stop(child);
        }

        _unrecorded.Add(report);
        _videos.Tell(report);
    }

    private void EndIfDone()
    {
        if (_unrecorded.Count == 0 && (_givenUp || (_allDecoded && _storing == 0 && _segmentsOutstanding == 0 && _results.Count == 0)))
        {
            Context.Stop(Self);
        }
    }

    private sealed record Writing(Action Write, object Stored, DateTime Began, int Failures) : INoSerializationVerificationNeeded;

    private sealed record Written(Writing Writing) : INoSerializationVerificationNeeded;

    private sealed record WriteFailed(Writing Writing, Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record SegmentStored(int Segment) : INoSerializationVerificationNeeded;

    private sealed record Stored(int Chunk) : INoSerializationVerificationNeeded;

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed class Resend : INoSerializationVerificationNeeded
    {
        public static readonly Resend Instance = new();
    }
}
