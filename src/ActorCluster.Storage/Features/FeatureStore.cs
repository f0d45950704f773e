using System.Globalization;
using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>
/// Encoder outputs on disk, reused by every later run: <c>&lt;root&gt;/&lt;encoder-hash&gt;/&lt;video-hash&gt;/&lt;chunk:000000&gt;.safetensors</c>,
/// <c>audio-&lt;segment:000000&gt;.safetensors</c> and, written last, <c>audio.safetensors</c> with the track's levels. Files appear whole or not at all. Hashes are 64 lower-case hex digits; anything else is an
/// <see cref="ArgumentException"/>, so no part of a path comes from outside.
/// </summary>
public sealed class FeatureStore
{
    private const string FormatVersion = "1";
    private const int HashLength = 64;

    /// <summary>Opens a store; touches nothing.</summary>
    /// <param name="root">The store's folder.</param>
    public FeatureStore(string root) => Root = Path.GetFullPath(root);

    /// <summary>The store's folder.</summary>
    public string Root { get; }

    /// <summary>Whether a chunk is stored.</summary>
    public bool HasChunk(string encoderHash, string videoHash, int chunk) => File.Exists(ChunkPath(encoderHash, videoHash, chunk));

    /// <summary>Stores a chunk, replacing an older one.</summary>
    /// <param name="encoderHash">The encoder's hash.</param>
    /// <param name="videoHash">The video's hash.</param>
    /// <param name="chunk">The chunk's 0-based index.</param>
    /// <param name="content">What to store.</param>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the file cannot be written.</exception>
    public void WriteChunk(string encoderHash, string videoHash, int chunk, VisualChunk content)
    {
        long n = content.Count;
        TensorData[] tensors =
        [
            TensorData.Create<long>("pts", TensorType.I64, content.Pts, n),
            TensorData.Create<float>("boxes", TensorType.F32, content.Boxes, n, 4),
            TensorData.Create<Half>("features", TensorType.F16, content.Features, n, content.FeatureWidth),
            TensorData.Create<Half>("logits", TensorType.F16, content.Logits, n, content.LogitWidth),
            TensorData.Create<byte>("face_present", TensorType.Bool, Mask(content.Flags, FrameFlags.FacePresent), n),
            TensorData.Create<byte>("decoded", TensorType.Bool, Mask(content.Flags, FrameFlags.Decoded), n),
        ];
        Write(ChunkPath(encoderHash, videoHash, chunk), tensors, Identity("visual", encoderHash, videoHash, chunk));
    }

    /// <summary>Reads a chunk.</summary>
    /// <param name="encoderHash">The encoder's hash.</param>
    /// <param name="videoHash">The video's hash.</param>
    /// <param name="chunk">The chunk's 0-based index.</param>
    /// <exception cref="FeatureFileException">The file is missing, damaged or another chunk's.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the file cannot be read.</exception>
    public VisualChunk ReadChunk(string encoderHash, string videoHash, int chunk) =>
        Read(ChunkPath(encoderHash, videoHash, chunk), Identity("visual", encoderHash, videoHash, chunk), file =>
        {
            var pts = file.Read<long>("pts");
            return new VisualChunk(
                pts,
                Flags(file.Read<byte>("face_present"), file.Read<byte>("decoded")),
                file.Read<Half>("features"),
                Width(file, "features", pts.Length),
                file.Read<Half>("logits"),
                Width(file, "logits", pts.Length),
                file.Read<float>("boxes"));
        });

    /// <summary>Reads the face boxes of a chunk, and not its features, which are larger by far.</summary>
    /// <param name="encoderHash">The encoder's hash.</param>
    /// <param name="videoHash">The video's hash.</param>
    /// <param name="chunk">The chunk's 0-based index.</param>
    /// <returns>Presentation timestamps in the stream's ticks, [n], and boxes, [n, 4]: x, y, width, height in pixels of the frame as it was read; NaN without a face.</returns>
    /// <exception cref="FeatureFileException">The file is missing, damaged or another chunk's.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the file cannot be read.</exception>
    public (long[] Pts, float[] Boxes) ReadBoxes(string encoderHash, string videoHash, int chunk) =>
        Read(ChunkPath(encoderHash, videoHash, chunk), Identity("visual", encoderHash, videoHash, chunk), file =>
        {
            var (pts, boxes) = (file.Read<long>("pts"), file.Read<float>("boxes"));
            return boxes.LongLength == 4L * pts.Length ? (pts, boxes) : throw new SafetensorsFormatException($"{boxes.Length} box values do not belong to {pts.Length} frames.");
        });

    /// <summary>Whether a video's audio levels are stored, which are written when every segment is.</summary>
    public bool HasAudio(string encoderHash, string videoHash) => File.Exists(AudioPath(encoderHash, videoHash));

    /// <summary>Stores a video's audio levels, replacing older ones.</summary>
    /// <param name="encoderHash">The hash of what made them.</param>
    /// <param name="videoHash">The video's hash.</param>
    /// <param name="levels">What to store.</param>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the file cannot be written.</exception>
    public void WriteAudio(string encoderHash, string videoHash, AudioLevels levels)
    {
        TensorData[] tensors =
        [
            TensorData.Create<float>("rms", TensorType.F32, levels.Rms, levels.Rms.Length),
            TensorData.Create<byte>("has_track", TensorType.Bool, new[] { levels.HasTrack ? (byte)1 : (byte)0 }),
        ];
        Write(AudioPath(encoderHash, videoHash), tensors, Identity("audio-levels", encoderHash, videoHash));
    }

    /// <summary>Reads a video's audio levels.</summary>
    /// <param name="encoderHash">The hash of what made them.</param>
    /// <param name="videoHash">The video's hash.</param>
    /// <exception cref="FeatureFileException">The file is missing, damaged or another video's.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the file cannot be read.</exception>
    public AudioLevels ReadAudio(string encoderHash, string videoHash) =>
        Read(AudioPath(encoderHash, videoHash), Identity("audio-levels", encoderHash, videoHash), file =>
            file.Read<byte>("has_track") is [var hasTrack]
                ? new AudioLevels(file.Read<float>("rms"), hasTrack != 0)
                : throw new SafetensorsFormatException("Tensor 'has_track' is not a scalar."));

    /// <summary>Stores a segment of a video's audio, replacing an older one.</summary>
    /// <param name="encoderHash">The audio encoder's hash.</param>
    /// <param name="videoHash">The video's hash.</param>
    /// <param name="segment">The segment's 0-based index.</param>
    /// <param name="tokens">What to store.</param>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the file cannot be written.</exception>
    public void WriteSegment(string encoderHash, string videoHash, int segment, AudioTokens tokens)
    {
        TensorData[] tensors =
        [
            TensorData.Create<Half>("features", TensorType.F16, tokens.Features, tokens.Count, tokens.Width),
            TensorData.Create<long>("first_token", TensorType.I64, new[] { tokens.FirstToken }),
        ];
        Write(SegmentPath(encoderHash, videoHash, segment), tensors, Identity("audio", encoderHash, videoHash, segment));
    }

    /// <summary>Reads a segment of a video's audio.</summary>
    /// <param name="encoderHash">The audio encoder's hash.</param>
    /// <param name="videoHash">The video's hash.</param>
    /// <param name="segment">The segment's 0-based index.</param>
    /// <exception cref="FeatureFileException">The file is missing, damaged or another segment's.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the file cannot be read.</exception>
    public AudioTokens ReadSegment(string encoderHash, string videoHash, int segment) =>
        Read(SegmentPath(encoderHash, videoHash, segment), Identity("audio", encoderHash, videoHash, segment), file =>
            file.Read<long>("first_token") is [var first] && file.Find("features").Shape is [_, > 0 and <= int.MaxValue and var width]
                ? new AudioTokens(first, file.Read<Half>("features"), (int)width)
                : throw new SafetensorsFormatException("Tensors 'features' and 'first_token' have not the shapes [m, D] and []."));

    /// <summary>What each encoder's features of each video take, by encoder and video hash.</summary>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the store cannot be read.</exception>
    public IReadOnlyList<FeatureUsage> List()
    {
        try
        {
            return
            [
                .. from encoder in HashFolders(new DirectoryInfo(Root))
                   from video in HashFolders(encoder)
                   let files = video.GetFiles()
                   select new FeatureUsage(
                       encoder.Name,
                       video.Name,
                       files.Length,
                       files.Sum(file => file.Length),
                       files.Length == 0 ? video.LastWriteTimeUtc : files.Max(file => file.LastWriteTimeUtc)),
            ];
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "list", Root);
        }
    }

    /// <summary>
    /// Removes whole videos, least recently written first, until the store fits the budget. Only while no run uses the store.
    /// </summary>
    /// <param name="budgetBytes">How many bytes may stay, at least 0.</param>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the store cannot be read or a file not removed.</exception>
    public FeaturePruning Prune(long budgetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budgetBytes);
        var videos = List();
        var remaining = videos.Sum(video => video.Bytes);
        var removed = new List<FeatureUsage>();
        foreach (var video in videos.OrderBy(video => video.LastWritten))
        {
            if (remaining <= budgetBytes)
            {
                break;
            }

            var folder = Folder(video.EncoderHash, video.VideoHash);
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (StoreFault.IsStorage(e))
            {
                throw StoreFault.From(e, "remove", folder);
            }

            remaining -= video.Bytes;
            removed.Add(video);
        }

        return new FeaturePruning([.. removed], remaining);
    }

    private static IEnumerable<DirectoryInfo> HashFolders(DirectoryInfo folder) =>
        folder.Exists ? folder.GetDirectories().Where(d => IsHash(d.Name) && d.LinkTarget is null).OrderBy(d => d.Name, StringComparer.Ordinal) : [];

    private static void Write(string path, TensorData[] tensors, SortedDictionary<string, string> identity) =>
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, identity));

    private static T Read<T>(string path, SortedDictionary<string, string> identity, Func<SafetensorsFile, T> read) => FeatureFileException.Guard(path, () =>
    {
        using var file = SafetensorsFile.Open(path);
        foreach (var (key, value) in identity)
        {
            var found = file.Metadata.GetValueOrDefault(key);
            if (found != value)
            {
                throw new FeatureFileException(path, $"Its header says {key} '{found ?? "(nothing)"}' where '{value}' belongs.");
            }
        }

        return read(file);
    });

    private static SortedDictionary<string, string> Identity(string kind, string encoderHash, string videoHash, int? chunk = null)
    {
        var identity = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["format_version"] = FormatVersion,
            ["kind"] = kind,
            ["encoder"] = encoderHash,
            ["video"] = videoHash,
        };
        if (chunk is not null)
        {
            identity["chunk"] = chunk.Value.ToString(CultureInfo.InvariantCulture);
        }

        return identity;
    }

    private static byte[] Mask(FrameFlags[] flags, FrameFlags flag) => Array.ConvertAll(flags, f => (f & flag) != 0 ? (byte)1 : (byte)0);

    private static FrameFlags[] Flags(byte[] facePresent, byte[] decoded)
    {
        if (facePresent.Length != decoded.Length)
        {
            throw new SafetensorsFormatException("Tensors 'face_present' and 'decoded' differ in length.");
        }

        var flags = new FrameFlags[decoded.Length];
        for (var i = 0; i < flags.Length; i++)
        {
            flags[i] = (facePresent[i] != 0 ? FrameFlags.FacePresent : 0) | (decoded[i] != 0 ? FrameFlags.Decoded : 0);
        }

        return flags;
    }

    private static int Width(SafetensorsFile file, string name, int rows)
    {
        var shape = file.Find(name).Shape;
        return shape is [var n, var width] && n == rows && width <= int.MaxValue
            ? (int)width
            : throw new SafetensorsFormatException($"Tensor '{name}' has shape [{string.Join(", ", shape)}] where [{rows}, width] belongs.");
    }

    private string ChunkPath(string encoderHash, string videoHash, int chunk)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunk);
        return Path.Combine(Folder(encoderHash, videoHash), chunk.ToString("D6", CultureInfo.InvariantCulture) + ".safetensors");
    }

    private string AudioPath(string encoderHash, string videoHash) => Path.Combine(Folder(encoderHash, videoHash), "audio.safetensors");

    private string SegmentPath(string encoderHash, string videoHash, int segment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(segment);
        return Path.Combine(Folder(encoderHash, videoHash), $"audio-{segment.ToString("D6", CultureInfo.InvariantCulture)}.safetensors");
    }

    private string Folder(string encoderHash, string videoHash) => Path.Combine(Root, Checked(encoderHash), Checked(videoHash));

    private static string Checked(string hash) =>
        IsHash(hash) ? hash : throw new ArgumentException($"'{hash}' is not a hash of {HashLength} lower-case hex digits.", nameof(hash));

    private static bool IsHash(string name) => name.Length == HashLength && name.All(char.IsAsciiHexDigitLower);
}
