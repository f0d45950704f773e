using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>
/// One video's features aligned to its frames, for training: a safetensors file with <c>pts [n]</c> (I64), <c>visual [n, Dv]</c> and
/// <c>audio [n, Da]</c> (F16), <c>face_present [n]</c>, <c>audio_present [n]</c> and <c>decoded [n]</c> (BOOL). Its metadata says whose features they
/// are: <see cref="FrameFeatureInfo"/>. Rows whose mask is false are zeros.
/// </summary>
public static class FrameFeatureFile
{
    /// <summary>Raised when the meaning of the file changes.</summary>
    public const string FormatVersion = "1";

    /// <summary>Frames in memory at a time while writing or checking.</summary>
    internal const int BlockFrames = 512;

    /// <summary>Writes a file in blocks of frames, so that memory does not grow with the video. It appears whole or not at all.</summary>
    /// <param name="path">The file; it is replaced.</param>
    /// <param name="info">What it is about.</param>
    /// <param name="read">The rows of the frames from the first index to before the second; asked once for every frame, in order.</param>
    /// <exception cref="FeatureFileException">A feature that is present is not finite; names modality and frame. Nothing is written.</exception>
    /// <exception cref="ArgumentException">Rows have not the lengths that <paramref name="info"/> says.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the file cannot be written.</exception>
    public static void Write(string path, FrameFeatureInfo info, Func<int, int, FrameFeatureRows> read)
    {
        var n = info.Timeline.Count;
        AtomicFile.Write(path, stream =>
        {
            var (face, audio, decoded) = (new byte[n], new byte[n], new byte[n]);
            long visualBytes = (long)n * info.VisualWidth * 2, audioBytes = (long)n * info.AudioWidth * 2;
            SafetensorsWriter.Write(
                stream,
                [
                    TensorData.Create<long>("pts", TensorType.I64, info.Timeline.Pts.AsMemory(), n),
                    TensorData.Reserve("visual", TensorType.F16, n, info.VisualWidth),
                    TensorData.Reserve("audio", TensorType.F16, n, info.AudioWidth),
                    TensorData.Reserve("face_present", TensorType.Bool, n),
                    TensorData.Reserve("audio_present", TensorType.Bool, n),
                    TensorData.Reserve("decoded", TensorType.Bool, n),
                ],
                Metadata(info));
            var masksAt = stream.Position - (3L * n);
            var audioAt = masksAt - audioBytes;
            var visualAt = audioAt - visualBytes;
            for (var start = 0; start < n; start += BlockFrames)
            {
                var end = Math.Min(start + BlockFrames, n);
                var rows = read(start, end);
                RequireLengths(rows, end - start, info);
                Clear(path, "visual", rows.Visual, rows.FacePresent, info.VisualWidth, start);
                Clear(path, "audio", rows.Audio, rows.AudioPresent, info.AudioWidth, start);
                WriteAt(stream, visualAt + ((long)start * info.VisualWidth * 2), MemoryMarshal.AsBytes(rows.Visual.AsSpan()));
                WriteAt(stream, audioAt + ((long)start * info.AudioWidth * 2), MemoryMarshal.AsBytes(rows.Audio.AsSpan()));
                MemoryMarshal.AsBytes(rows.FacePresent.AsSpan()).CopyTo(face.AsSpan(start));
                MemoryMarshal.AsBytes(rows.AudioPresent.AsSpan()).CopyTo(audio.AsSpan(start));
                MemoryMarshal.AsBytes(rows.Decoded.AsSpan()).CopyTo(decoded.AsSpan(start));
            }

            WriteAt(stream, masksAt, face);
            stream.Write(audio);
            stream.Write(decoded);
        });
    }

    /// <summary>Opens a file: checks its header, sizes and masks, and reads the masks; features stay on disk.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FeatureFileException">It is missing or damaged, or has another format.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: it cannot be read.</exception>
    public static FrameFeatures Open(string path) => FeatureFileException.Guard(path, () =>
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.RandomAccess);
        var file = SafetensorsFile.Open(stream);
        try
        {
            return new FrameFeatures(path, ReadInfo(path, file), file, stream.SafeFileHandle);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    /// <summary>The index of the first value that is not finite, -1 for none. In half precision those have all exponent bits set (IEEE 754-2008, binary16).</summary>
    internal static int IndexOfNotFinite(ReadOnlySpan<Half> values)
    {
        const ushort Exponent = 0x7C00;
        var bits = MemoryMarshal.Cast<Half, ushort>(values);
        var width = Vector<ushort>.Count;
        var mask = new Vector<ushort>(Exponent);
        var i = 0;
        for (; i <= bits.Length - width; i += width)
        {
            if (Vector.EqualsAny(new Vector<ushort>(bits[i..]) & mask, mask))
            {
                break;
            }
        }

        for (; i < bits.Length; i++)
        {
            if ((bits[i] & Exponent) == Exponent)
            {
                return i;
            }
        }

        return -1;
    }

    private static FrameFeatureInfo ReadInfo(string path, SafetensorsFile file)
    {
        string Text(string key) =>
            file.Metadata.TryGetValue(key, out var value) && value.Length > 0 ? value : throw new FeatureFileException(path, $"Its header has no '{key}'.");
        if (Text("format_version") is var version && version != FormatVersion)
        {
            throw new FeatureFileException(path, $"Its format is {version}; this version reads {FormatVersion}.");
        }

        var timeBase = Rational.TryParse(Text("time_base"), out var fraction) ? fraction : throw new FeatureFileException(path, "Its time_base is no fraction.");
        var pts = file.Read<long>("pts");
        return new FrameFeatureInfo(
            Text("video_id"),
            Text("content_hash"),
            Text("key"),
            new EncoderOrigin(Text("visual_key"), Text("visual_encoder"), Text("visual_encoder_hash")),
            new EncoderOrigin(Text("audio_key"), Text("audio_encoder"), Text("audio_encoder_hash")),
            Width(file, "visual", pts.Length),
            Width(file, "audio", pts.Length),
            new FrameTimeline(timeBase, ImmutableCollectionsMarshal.AsImmutableArray(pts)));
    }

    private static Dictionary<string, string> Metadata(FrameFeatureInfo info) => new()
    {
        ["format_version"] = FormatVersion,
        ["video_id"] = info.VideoId,
        ["content_hash"] = info.ContentHash,
        ["key"] = info.Key,
        ["visual_key"] = info.Visual.Key,
        ["visual_encoder"] = info.Visual.Name,
        ["visual_encoder_hash"] = info.Visual.Hash,
        ["audio_key"] = info.Audio.Key,
        ["audio_encoder"] = info.Audio.Name,
        ["audio_encoder_hash"] = info.Audio.Hash,
        ["time_base"] = info.Timeline.TimeBase.ToString(),
    };

    private static int Width(SafetensorsFile file, string name, int frames) =>
        file.Find(name) is { Type: TensorType.F16, Shape: [var n, > 0 and <= int.MaxValue / 2 and var width] } && n == frames
            ? (int)width
            : throw new SafetensorsFormatException($"Tensor '{name}' is {file.Find(name).Type.Name()} [{string.Join(", ", file.Find(name).Shape)}] where F16 [{frames}, width] belongs.");

    private static void RequireLengths(FrameFeatureRows rows, int count, FrameFeatureInfo info)
    {
        if (rows.Visual.Length != count * info.VisualWidth || rows.Audio.Length != count * info.AudioWidth
            || rows.FacePresent.Length != count || rows.AudioPresent.Length != count || rows.Decoded.Length != count)
        {
            throw new ArgumentException(
                $"{count} frames have {rows.Visual.Length} visual and {rows.Audio.Length} audio values and {rows.FacePresent.Length}, {rows.AudioPresent.Length} and {rows.Decoded.Length} mask bits.", nameof(rows));
        }
    }

    private static void Clear(string path, string modality, Half[] values, bool[] present, int width, int firstFrame)
    {
        for (var i = 0; i < present.Length; i++)
        {
            var row = values.AsSpan(i * width, width);
            if (!present[i])
            {
                row.Clear();
            }
            else if (IndexOfNotFinite(row) >= 0)
            {
                throw NotFinite(path, modality, firstFrame + i);
            }
        }
    }

    internal static FeatureFileException NotFinite(string path, string modality, int frame) =>
        new(path, $"The {modality} features of frame {frame + 1} hold NaN or infinity.");

    private static void WriteAt(Stream stream, long position, ReadOnlySpan<byte> bytes)
    {
        stream.Position = position;
        stream.Write(bytes);
    }
}
