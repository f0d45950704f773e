using System.Buffers;
using System.Diagnostics;
using ActorCluster.Core;
using ActorCluster.Core.Audio;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Media.Faces;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Storage;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// Decodes one unit of work on this node: reads audio and frames, finds and crops faces, and emits what it has. A decoder that is ahead of the encoder
/// waits for a free batch.
/// </summary>
internal sealed class DecodeWork(NodeContext node, DecodeJob job) : IDecodeSource
{
    private readonly DecodeAssets _assets = job.Assets;
    private readonly VideoInfo _info = job.Info;
    private readonly UnitProgress _progress = job.Progress;

    /// <inheritdoc/>
    public void Run(Action<object> emit, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        if (job.ReadsAudio)
        {
            _progress.Stage = "audio";
            emit(new AudioDecoded(ReadAudio(emit, cancellation)));
        }

        var chunks = job.Chunks.ToList();
        if (chunks.Exists(c => !job.IsDone(c.Index)))
        {
            _progress.Stage = "decode";
            if (_assets.Definition.Faces.Source == FaceSource.Aligned)
            {
                ReadCrops(chunks, emit, cancellation);
            }
            else
            {
                ReadFrames(chunks, emit, cancellation);
            }
        }

        node.Instruments.DecodeDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        emit(new UnitDecoded());
    }

    private AudioLevels ReadAudio(Action<object> emit, CancellationToken cancellation)
    {
        if (_info.Audio is null)
        {
            return new AudioLevels([], HasTrack: false);
        }

        using var reader = AudioReader.Open(node.Tools, _info, cancellation);
        var meter = new LevelMeter();
        var grid = _assets.Audio?.Grid;
        var cutter = grid is null ? null : new SegmentCutter(grid, grid.UsefulSamples(_info.Timeline), job.Order.AudioFrom);
        void Emit(AudioSegment segment, ReadOnlySpan<float> heard) => EmitSegment(segment, heard, emit, cancellation);
        var samples = new float[16_000];
        int read;
        while ((read = reader.Read(samples)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            meter.Add(samples.AsSpan(0, read));
            cutter?.Add(samples.AsSpan(0, read), Emit);
            _progress.Step();
        }

        cutter?.Finish(grid!.Count(cutter.Samples, _info.Timeline), Emit);
        return new AudioLevels(meter.Finish(), HasTrack: true);
    }

    private void EmitSegment(AudioSegment segment, ReadOnlySpan<float> heard, Action<object> emit, CancellationToken cancellation)
    {
        var request = job.RentSegment(cancellation);
        request.Segment = segment;
        for (var i = 0; i < heard.Length; i++)
        {
            // As for the level, what is no number is silence.
            request.Samples[i] = float.IsFinite(heard[i]) ? heard[i] : 0;
        }

        request.Samples.AsSpan(heard.Length).Clear();
        emit(new SegmentDecoded(request));
    }

    /// <summary>Crops of another tool, one file per frame: nothing is decoded but pictures.</summary>
    private void ReadCrops(List<Chunk> chunks, Action<object> emit, CancellationToken cancellation)
    {
        var faces = new AlignedFaces(job.Order.Faces);
        var began = CpuClock.OfThread;
        var frames = 0L;
        foreach (var chunk in chunks.Where(c => !job.IsDone(c.Index)))
        {
            var current = new ChunkInProgress(chunk, tracker: null);
            for (var frame = 0; frame < chunk.FrameCount; frame++)
            {
                cancellation.ThrowIfCancellationRequested();
                _progress.Frame();
                frames++;
                var read = faces.TryRead(chunk.FirstFrame + frame, out var face);
                current.Flags[frame] |= read ? FrameFlags.Decoded : FrameFlags.None;
                if (face is { } image)
                {
                    current.Flags[frame] |= FrameFlags.FacePresent;
                    Add(current, frame, image.Pixels, image.Width, image.Height, region: null, emit, cancellation);
                }
            }

            Finish(ref current!, chunk, emit);
        }

        node.Meter.AddDetect(CpuClock.OfThread - began, frames);
    }

    private void ReadFrames(List<Chunk> chunks, Action<object> emit, CancellationToken cancellation)
    {
        // Chunks that are done already at the unit's start need no decoding; those between others are decoded and dropped.
        var first = chunks.FindIndex(c => !job.IsDone(c.Index));
        var last = chunks.FindLastIndex(c => !job.IsDone(c.Index));
        var (width, height) = _assets.Definition.Frames.SizeOf(_info.Width, _info.Height);
        var began = CpuClock.OfThread;
        var frames = 0L;
        var rgb = ArrayPool<byte>.Shared.Rent(width * height * 3);
        try
        {
            using var reader = FrameReader.Open(node.Tools, _info, chunks[first].StartPts, chunks[last].EndPts, width, height, options: null, cancellation);
            var at = first;
            ChunkInProgress? current = null;
            while (reader.TryReadFrame(rgb.AsSpan(0, width * height * 3), out var pts))
            {
                cancellation.ThrowIfCancellationRequested();
                while (pts >= chunks[at].EndPts)
                {
                    Finish(ref current, chunks[at++], emit);
                }

                _progress.Frame();
                frames++;
                if (!job.IsDone(chunks[at].Index))
                {
                    current ??= new ChunkInProgress(chunks[at], _assets.Detector is { } detector ? new FaceTracker(detector, _assets.Definition.Faces) : null);
                    Look(current, _info.Timeline.FirstAtOrAfter(pts) - chunks[at].FirstFrame, rgb.AsSpan(0, width * height * 3), width, height, emit, cancellation);
                }
            }

            while (at <= last)
            {
                Finish(ref current, chunks[at++], emit);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rgb);
        }

        node.Meter.AddDetect(CpuClock.OfThread - began, frames);
    }

    private void Look(ChunkInProgress chunk, int frame, ReadOnlySpan<byte> rgb, int width, int height, Action<object> emit, CancellationToken cancellation)
    {
        chunk.Flags[frame] = FrameFlags.Decoded;
        if (chunk.Tracker is null)
        {
            chunk.Flags[frame] |= FrameFlags.FacePresent;
            Add(chunk, frame, rgb, width, height, region: null, emit, cancellation);
        }
        else if (chunk.Tracker.Next(rgb, width, height) is { } box)
        {
            chunk.Flags[frame] |= FrameFlags.FacePresent;
            (chunk.Boxes[frame * 4], chunk.Boxes[(frame * 4) + 1], chunk.Boxes[(frame * 4) + 2], chunk.Boxes[(frame * 4) + 3]) = (box.X, box.Y, box.Width, box.Height);
            Add(chunk, frame, rgb, width, height, FaceCropper.RegionOf(box, _assets.Definition.Faces), emit, cancellation);
        }
    }

    private void Add(
        ChunkInProgress chunk, int frame, ReadOnlySpan<byte> rgb, int width, int height, CropRegion? region, Action<object> emit, CancellationToken cancellation)
    {
        if (chunk.Batch is null)
        {
            chunk.Batch = job.RentBatch(cancellation);
            (chunk.Batch.Chunk, chunk.Batch.Count) = (chunk.Chunk.Index, 0);
        }

        var batch = chunk.Batch;
        _assets.Visual.Write(rgb, width, height, region, batch.Input.AsSpan(batch.Count * _assets.Visual.InputBytes, _assets.Visual.InputBytes));
        batch.Frames[batch.Count++] = frame;
        if (batch.Count == _assets.Visual.BatchSize)
        {
            chunk.Batch = null;
            emit(new BatchDecoded(batch));
        }
    }

    private void Finish(ref ChunkInProgress? current, Chunk chunk, Action<object> emit)
    {
        if (job.IsDone(chunk.Index))
        {
            return;
        }

        // A chunk without a single decoded frame keeps its rows, all flagged as not decoded.
        current ??= new ChunkInProgress(chunk, tracker: null);
        if (current.Batch is { } rest)
        {
            emit(new BatchDecoded(rest));
        }

        node.Instruments.FramesDecoded.Add(current.Flags.Count(f => f.HasFlag(FrameFlags.Decoded)));
        emit(new ChunkDecoded(chunk, current.Flags, current.Boxes));
        current = null;
    }

    private sealed class ChunkInProgress
    {
        public ChunkInProgress(Chunk chunk, FaceTracker? tracker)
        {
            Chunk = chunk;
            Tracker = tracker;
            Flags = new FrameFlags[chunk.FrameCount];
            Boxes = new float[chunk.FrameCount * 4];
            Boxes.AsSpan().Fill(float.NaN);
        }

        public Chunk Chunk { get; }

        /// <summary>Finds faces; null where every picture is one.</summary>
        public FaceTracker? Tracker { get; }

        public FrameFlags[] Flags { get; }

        public float[] Boxes { get; }

        public FaceBatch? Batch { get; set; }
    }
}
