using ActorCluster.Storage;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// What is kept of one decoded video so that no epoch decodes it again: a file of raw pictures or samples, from which pieces are read as they are drawn, and
/// beside it this table, which is written last.
/// </summary>
/// <param name="RawPath">The raw file: pictures [n, side, side, 3] as bytes, or samples [n] as 16-bit integers.</param>
/// <param name="Labels">The label of each picture, or of each frame of the video; -1 for none.</param>
/// <param name="Times">When each frame is shown, in seconds after the first; empty for pictures.</param>
internal sealed record MaterialTable(string RawPath, sbyte[] Labels, double[] Times)
{
    private const string LabelsName = "labels";
    private const string TimesName = "times";

    /// <summary>Whether a video is there already.</summary>
    /// <param name="folder">The folder of all videos.</param>
    /// <param name="index">The video's place among them.</param>
    public static bool IsPrepared(string folder, int index) => File.Exists(PathOf(folder, index));

    /// <summary>Opens what is kept of a video, and prepares it where it is not there.</summary>
    /// <param name="folder">The folder of all videos.</param>
    /// <param name="index">The video's place among them.</param>
    /// <param name="prepare">Writes the raw file and returns labels and times.</param>
    public static MaterialTable OpenOrPrepare(string folder, int index, Func<Stream, (sbyte[] Labels, double[] Times)> prepare)
    {
        var raw = Path.Combine(folder, $"{index:D6}.raw");
        var table = PathOf(folder, index);
        if (!File.Exists(table))
        {
            var (labels, times) = (Array.Empty<sbyte>(), Array.Empty<double>());
            AtomicFile.Write(raw, stream => (labels, times) = prepare(stream));
            AtomicFile.Write(table, stream => SafetensorsWriter.Write(
                stream,
                [TensorData.Create<double>(TimesName, TensorType.F64, times, times.Length), TensorData.Create<sbyte>(LabelsName, TensorType.I8, labels, labels.Length)]));
        }

        using var file = SafetensorsFile.Open(table);
        return new MaterialTable(raw, file.Read<sbyte>(LabelsName), file.Read<double>(TimesName));
    }

    private static string PathOf(string folder, int index) => Path.Combine(folder, $"{index:D6}.safetensors");

    /// <summary>Reads bytes of the raw file.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="bytes">Receives them.</param>
    public void ReadRaw(long offset, Span<byte> bytes)
    {
        using var handle = File.OpenHandle(RawPath);
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(handle, bytes[done..], offset + done);
            done += read > 0 ? read : throw new EndOfStreamException($"{RawPath} has become shorter.");
        }
    }
}
