using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using ActorCluster.Processing.Inference;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Decoding;

/// <summary>Writes what a decoder emits as frames of a decode stream. Buffers go back to their pools once they are written.</summary>
internal sealed class DecodeStreamWriter(Stream stream, DecodeJob job)
{
    /// <summary>The most bytes that a fault may have: many times the lines that are kept of a tool.</summary>
    public const int LargestFault = 64 * 1024;

    private const int HeaderBytes = 5;

    private readonly Lock _lock = new();

    /// <summary>Writes what the decoder emits; blocks until the other end has room for it.</summary>
    /// <exception cref="IOException">The other end is gone.</exception>
    public void Write(object emitted)
    {
        switch (emitted)
        {
            case BatchDecoded m:
                var batch = m.Batch;
                Write(
                    DecodeFrame.Batch,
                    [batch.Chunk, batch.Count],
                    MemoryMarshal.AsBytes(batch.Frames.AsSpan(0, batch.Count)),
                    batch.Input.AsSpan(0, batch.Count * job.Assets.Visual.InputBytes));
                job.Batches.Return(batch);
                break;
            case SegmentDecoded m:
                Write(DecodeFrame.Segment, [m.Segment.Segment.Index], MemoryMarshal.AsBytes(m.Segment.Samples.AsSpan(0, m.Segment.Segment.SampleCount)), []);
                job.Segments!.Return(m.Segment);
                break;
            case AudioDecoded m:
                Write(DecodeFrame.Audio, [], [m.Levels.HasTrack ? (byte)1 : (byte)0], MemoryMarshal.AsBytes(m.Levels.Rms.AsSpan()));
                break;
            case ChunkDecoded m:
                Write(DecodeFrame.Chunk, [m.Chunk.Index], MemoryMarshal.AsBytes(m.Flags.AsSpan()), MemoryMarshal.AsBytes(m.Boxes.AsSpan()));
                break;
            case UnitDecoded:
                Write(DecodeFrame.End, [], [], []);
                break;
            default:
                throw new ArgumentException($"A decoder does not emit {emitted.GetType().Name}.", nameof(emitted));
        }
    }

    /// <summary>Says why the decoder has failed.</summary>
    public void Write(Fault fault)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(fault);
        Write(DecodeFrame.Fault, [], bytes.Length <= LargestFault ? bytes : JsonSerializer.SerializeToUtf8Bytes(fault with { ToolOutput = [] }), []);
    }

    /// <summary>Gives a sign of life, unless a frame is just being written, which is one.</summary>
    public void WriteProgress(UnitProgress progress)
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            Span<byte> payload = stackalloc byte[DecodeStreamReader.ProgressBytes];
            payload[0] = (byte)(Enum.TryParse<DecodeStage>(progress.Stage, ignoreCase: true, out var stage) ? stage : DecodeStage.Starting);
            BinaryPrimitives.WriteInt32LittleEndian(payload[1..], progress.Frames);
            BinaryPrimitives.WriteInt64LittleEndian(payload[5..], progress.Steps);
            Write(DecodeFrame.Progress, [], payload, []);
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void Write(DecodeFrame kind, ReadOnlySpan<int> numbers, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<byte> header = stackalloc byte[HeaderBytes + (2 * sizeof(int))];
        header = header[..(HeaderBytes + (numbers.Length * sizeof(int)))];
        header[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], checked((numbers.Length * sizeof(int)) + first.Length + second.Length));
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header[(HeaderBytes + (i * sizeof(int)))..], numbers[i]);
        }

        lock (_lock)
        {
            stream.Write(header);
            stream.Write(first);
            stream.Write(second);
        }
    }
}
