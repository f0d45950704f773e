using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorCluster.Storage;

/// <summary>
/// An open file of frame features: masks in memory, feature rows read from where they lie, so that memory does not grow with the features. Rows may be read
/// by several threads at once.
/// </summary>
public sealed class FrameFeatures : IDisposable
{
    private readonly SafetensorsFile _file;
    private readonly SafeFileHandle _handle;
    private readonly TensorInfo _visual;
    private readonly TensorInfo _audio;

    internal FrameFeatures(string path, FrameFeatureInfo info, SafetensorsFile file, SafeFileHandle handle)
    {
        (Path, Info, _file, _handle) = (path, info, file, handle);
        (_visual, _audio) = (file.Find("visual"), file.Find("audio"));
        FacePresent = Mask("face_present");
        AudioPresent = Mask("audio_present");
        Decoded = Mask("decoded");
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it is about.</summary>
    public FrameFeatureInfo Info { get; }

    /// <summary>The number n of frames.</summary>
    public int Count => Info.Timeline.Count;

    /// <summary>Whether the frame has a face, [n].</summary>
    public ImmutableArray<bool> FacePresent { get; }

    /// <summary>Whether the frame has audio, [n].</summary>
    public ImmutableArray<bool> AudioPresent { get; }

    /// <summary>Whether the frame could be decoded, [n].</summary>
    public ImmutableArray<bool> Decoded { get; }

    /// <summary>Reads visual features.</summary>
    /// <param name="firstFrame">The first frame.</param>
    /// <param name="rows">Receives the rows of as many frames as it has room for, [m, Dv], little-endian half floats.</param>
    /// <exception cref="ArgumentException">The frames are not within the video, or the room is not of whole rows.</exception>
    /// <exception cref="FeatureFileException">The file has become shorter.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: it cannot be read.</exception>
    public void ReadVisual(int firstFrame, Span<byte> rows) => Read(_visual, Info.VisualWidth, firstFrame, rows);

    /// <summary>Reads audio features, as <see cref="ReadVisual"/> does.</summary>
    /// <param name="firstFrame">The first frame.</param>
    /// <param name="rows">Receives the rows, [m, Da].</param>
    /// <exception cref="ArgumentException">As there.</exception>
    /// <exception cref="FeatureFileException">As there.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">As there.</exception>
    public void ReadAudio(int firstFrame, Span<byte> rows) => Read(_audio, Info.AudioWidth, firstFrame, rows);

    /// <summary>Reads the whole file once to make sure that every feature that is present is a number.</summary>
    /// <exception cref="FeatureFileException">One is NaN or infinite; names modality and frame.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: it cannot be read.</exception>
    public void RequireFinite()
    {
        RequireFinite("visual", Info.VisualWidth, FacePresent, ReadVisual);
        RequireFinite("audio", Info.AudioWidth, AudioPresent, ReadAudio);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private void RequireFinite(string modality, int width, ImmutableArray<bool> present, Action<int, Span<byte>> read)
    {
        var block = new Half[Math.Min(FrameFeatureFile.BlockFrames, Count) * width];
        for (var start = 0; start < Count; start += FrameFeatureFile.BlockFrames)
        {
            var rows = block.AsSpan(0, Math.Min(FrameFeatureFile.BlockFrames, Count - start) * width);
            read(start, MemoryMarshal.AsBytes(rows));
            for (int from = 0, at; (at = FrameFeatureFile.IndexOfNotFinite(rows[from..])) >= 0; from += ((at / width) + 1) * width)
            {
                var frame = start + ((from + at) / width);
                if (present[frame])
                {
                    throw FrameFeatureFile.NotFinite(Path, modality, frame);
                }
            }
        }
    }

    private void Read(TensorInfo tensor, int width, int firstFrame, Span<byte> rows)
    {
        var rowBytes = width * 2;
        ArgumentOutOfRangeException.ThrowIfNegative(firstFrame);
        if (rows.Length % rowBytes != 0 || firstFrame > Count - (rows.Length / rowBytes))
        {
            throw new ArgumentException($"{rows.Length} bytes from frame {firstFrame} on are no rows of {rowBytes} bytes of a video of {Count} frames.", nameof(rows));
        }

        var offset = tensor.Offset + ((long)firstFrame * rowBytes);
        try
        {
            while (!rows.IsEmpty)
            {
                var read = RandomAccess.Read(_handle, rows, offset);
                if (read == 0)
                {
                    throw new FeatureFileException(Path, "It ended early: it has become shorter.");
                }

                rows = rows[read..];
                offset += read;
            }
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "read", Path);
        }
    }

    private ImmutableArray<bool> Mask(string name)
    {
        var bytes = _file.Find(name).Type == TensorType.Bool ? _file.Read<byte>(name) : [];
        return bytes.Length == Count && !bytes.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1)
            ? ImmutableCollectionsMarshal.AsImmutableArray(Array.ConvertAll(bytes, b => b != 0))
            : throw new SafetensorsFormatException($"Tensor '{name}' is not {Count} times 0 or 1.");
    }
}
