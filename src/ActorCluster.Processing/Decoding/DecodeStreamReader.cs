using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using ActorCluster.Core;
using ActorCluster.Core.Audio;
using ActorCluster.Core.Faults;
using ActorCluster.Media;
using ActorCluster.Processing.Inference;
using ActorCluster.Storage;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Decoding;

/// <summary>
/// Reads a decode stream and gives what the decoder at its other end emitted. Whoever writes it is not trusted: lengths are checked against the plan and the
/// pipeline's shapes before anything is taken for them, and frames come in the one order that a decoder has.
/// </summary>
/// <param name="stream">The stream; its read time limit is how long the other end may be silent.</param>
/// <param name="job">The unit of work, which knows the shapes, lends the buffers, and learns the progress.</param>
/// <param name="longest">How long one frame may take.</param>
internal sealed class DecodeStreamReader(Stream stream, DecodeJob job, TimeSpan longest)
{
    /// <summary>The length of the payload of <see cref="DecodeFrame.Progress"/>.</summary>
    public const int ProgressBytes = 1 + sizeof(int) + sizeof(long);

    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private readonly Queue<Chunk> _chunks = new(job.Chunks.Where(c => !job.IsDone(c.Index)));
    private bool _audio = job.ReadsAudio;
    private int _nextSegment = job.Order.AudioFrom;
    private int _nextFrame;
    private long _began;
    private long _steps;

    /// <summary>Reads until the decoder emits something; blocks.</summary>
    /// <returns>What it emitted; <see cref="UnitDecoded"/> is the last.</returns>
    /// <exception cref="DecodeStreamException">The other end has sent what no decoder sends.</exception>
    /// <exception cref="IOException">The other end has gone, or is silent.</exception>
    /// <exception cref="InputFaultException">The decoder says that the video is at fault.</exception>
    /// <exception cref="EnvironmentFaultException">The decoder says that its environment is at fault.</exception>
    public object Read(CancellationToken cancellation)
    {
        Span<byte> header = stackalloc byte[1 + sizeof(int)];
        while (true)
        {
            _began = Stopwatch.GetTimestamp();
            Fill(header);
            var (kind, length) = ((DecodeFrame)header[0], BinaryPrimitives.ReadInt32LittleEndian(header[1..]));
            switch (kind)
            {
                case DecodeFrame.Progress:
                    ReadProgress(length);
                    break;
                case DecodeFrame.Batch:
                    return Stepped(ReadBatch(length, cancellation));
                case DecodeFrame.Segment:
                    return Stepped(ReadSegment(length, cancellation));
                case DecodeFrame.Audio:
                    return Stepped(ReadAudio(length));
                case DecodeFrame.Chunk:
                    return Stepped(ReadChunk(length));
                case DecodeFrame.Fault:
                    throw ReadFault(length);
                case DecodeFrame.End:
                    if (!(length == 0))
                    {
                        throw Wrong($"an end of {length} bytes");
                    }
                    Require(!_audio && _chunks.Count == 0, "its end before the unit's");
                    return new UnitDecoded();
                default:
                    throw Wrong($"a frame of kind {header[0]}");
            }
        }
    }

    private object Stepped(object emitted)
    {
        job.Progress.Step();
        return emitted;
    }

    private BatchDecoded ReadBatch(int length, CancellationToken cancellation)
    {
        const int Numbers = 2 * sizeof(int);
        var row = sizeof(int) + job.Assets.Visual.InputBytes;
        var chunk = NextChunk();
        var count = (length - Numbers) / row;
        if (!(length > Numbers && (length - Numbers) % row == 0 && count <= job.Assets.Visual.BatchSize))
        {
            throw Wrong($"a batch of {length} bytes");
        }
        Span<byte> numbers = stackalloc byte[Numbers];
        Fill(numbers);
        Require(BinaryPrimitives.ReadInt32LittleEndian(numbers) == chunk.Index, "a batch of another chunk");
        Require(BinaryPrimitives.ReadInt32LittleEndian(numbers[sizeof(int)..]) == count, "a batch whose count and length differ");
        var batch = job.RentBatch(cancellation);
        try
        {
            _began = Stopwatch.GetTimestamp(); // The wait for a buffer was not the other end's.
            Fill(MemoryMarshal.AsBytes(batch.Frames.AsSpan(0, count)));
            foreach (var frame in batch.Frames.AsSpan(0, count))
            {
                if (!(frame >= _nextFrame && frame < chunk.FrameCount))
                {
                    throw Wrong($"frame {frame} out of its place");
                }
                _nextFrame = frame + 1;
            }

            Fill(batch.Input.AsSpan(0, count * job.Assets.Visual.InputBytes));
        }
        catch
        {
            job.Batches.Return(batch);
            throw;
        }

        (batch.Chunk, batch.Count) = (chunk.Index, count);
        return new BatchDecoded(batch);
    }

    private SegmentDecoded ReadSegment(int length, CancellationToken cancellation)
    {
        Require(_audio && job.Assets.Audio is not null && job.Info.Audio is not null, "sound that it was not asked for");
        var grid = job.Assets.Audio!.Grid;
        if (!(length > sizeof(int) && length % sizeof(float) == 0 && length <= sizeof(int) + (grid.InputSamples * sizeof(float))))
        {
            throw Wrong($"a segment of {length} bytes");
        }
        Span<byte> number = stackalloc byte[sizeof(int)];
        Fill(number);
        Require(BinaryPrimitives.ReadInt32LittleEndian(number) == _nextSegment && _nextSegment < MostSegments(grid), "a segment out of its place");
        var samples = (length - sizeof(int)) / sizeof(float);
        var segment = grid[_nextSegment, grid[_nextSegment, long.MaxValue / 2].FirstSample + samples];
        if (!(segment.SampleCount == samples))
        {
            throw Wrong($"a segment of {samples} samples");
        }
        var request = job.RentSegment(cancellation);
        try
        {
            _began = Stopwatch.GetTimestamp();
            Fill(MemoryMarshal.AsBytes(request.Samples.AsSpan(0, samples)));
        }
        catch
        {
            job.Segments!.Return(request);
            throw;
        }

        request.Samples.AsSpan(samples).Clear();
        request.Segment = segment;
        _nextSegment++;
        return new SegmentDecoded(request);
    }

    private AudioDecoded ReadAudio(int length)
    {
        Require(_audio, "levels that it was not asked for");
        // As long as the reader reads, and a second for how a codec rounds.
        var hops = (long)((job.Info.Timeline.DurationSeconds + AudioReader.MarginSeconds + 1) * LevelMeter.SampleRate / LevelMeter.HopSamples) + 1;
        if (!(length >= 1 && (length - 1) % sizeof(float) == 0 && (length - 1) / sizeof(float) <= hops))
        {
            throw Wrong($"levels of {length} bytes");
        }
        Span<byte> track = stackalloc byte[1];
        Fill(track);
        Require(track[0] <= 1 && (track[0] == 1 || length == 1), "levels without a track");
        var levels = new float[(length - 1) / sizeof(float)];
        Fill(MemoryMarshal.AsBytes(levels.AsSpan()));
        _audio = false;
        return new AudioDecoded(new AudioLevels(levels, track[0] == 1));
    }

    private ChunkDecoded ReadChunk(int length)
    {
        var chunk = NextChunk();
        if (!(length == sizeof(int) + (chunk.FrameCount * (1 + (4L * sizeof(float))))))
        {
            throw Wrong($"a chunk of {length} bytes");
        }
        Span<byte> number = stackalloc byte[sizeof(int)];
        Fill(number);
        Require(BinaryPrimitives.ReadInt32LittleEndian(number) == chunk.Index, "a chunk out of its place");
        var (flags, boxes) = (new FrameFlags[chunk.FrameCount], new float[chunk.FrameCount * 4]);
        Fill(MemoryMarshal.AsBytes(flags.AsSpan()));
        Require(Array.TrueForAll(flags, f => (f & ~(FrameFlags.FacePresent | FrameFlags.Decoded)) == 0), "flags that no decoder sets");
        Fill(MemoryMarshal.AsBytes(boxes.AsSpan()));
        _chunks.Dequeue();
        _nextFrame = 0;
        return new ChunkDecoded(chunk, flags, boxes);
    }

    private void ReadProgress(int length)
    {
        if (!(length == ProgressBytes))
        {
            throw Wrong($"progress of {length} bytes");
        }
        Span<byte> payload = stackalloc byte[ProgressBytes];
        Fill(payload);
        Require(payload[0] <= (byte)DecodeStage.Decode, "progress of an unknown stage");
        var steps = BinaryPrimitives.ReadInt64LittleEndian(payload[5..]);
        job.Progress.Follow(((DecodeStage)payload[0]).ToString().ToLowerInvariant(), BinaryPrimitives.ReadInt32LittleEndian(payload[1..]), steps != _steps);
        _steps = steps;
    }

    private Exception ReadFault(int length)
    {
        if (!(length is > 0 and <= DecodeStreamWriter.LargestFault))
        {
            throw Wrong($"a fault of {length} bytes");
        }
        var bytes = new byte[length];
        Fill(bytes);
        try
        {
            return JsonSerializer.Deserialize<Fault>(bytes, Strict) is { ToolOutput.IsDefault: false } fault ? fault.ToException() : throw Wrong("an empty fault");
        }
        catch (JsonException e)
        {
            throw new DecodeStreamException("it sent a fault that cannot be read", e);
        }
    }

    private Chunk NextChunk()
    {
        Require(!_audio, "frames before the sound");
        Require(_chunks.Count > 0, "more chunks than the unit has");
        return _chunks.Peek();
    }

    private long MostSegments(SegmentGrid grid) => grid.Count(grid.UsefulSamples(job.Info.Timeline), job.Info.Timeline);

    private void Fill(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var read = stream.Read(buffer);
            if (read == 0)
            {
                throw new EndOfStreamException("it closed the connection");
            }

            buffer = buffer[read..];
            if (Stopwatch.GetElapsedTime(_began) > longest)
            {
                throw Wrong($"a frame that did not end within {longest.TotalSeconds:0.#} s");
            }
        }
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Wrong(otherwise);
        }
    }

    private static DecodeStreamException Wrong(string what) => new($"it sent {what}");
}
