using System.Buffers.Text;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media;

/// <summary>
/// What a video stream's packets say, read as ffprobe writes them: one line <c>pts,flags</c> per packet in decoding order. Only numbers are
/// kept: 8 bytes a packet.
/// </summary>
internal sealed class PacketList
{
    private readonly List<long> pts = [];
    private readonly List<long> keyPts = [];
    private bool discardedLast;

    /// <summary>Timestamps of the packets that are shown, in decoding order.</summary>
    public List<long> Pts => pts;

    /// <summary>Timestamps of the key packets that are shown, in decoding order.</summary>
    public List<long> KeyPts => keyPts;

    /// <summary>How many shown packets have no timestamp.</summary>
    public int WithoutPts { get; private set; }

    /// <summary>How many packets the container says to decode but not to show (edit lists).</summary>
    public int Discarded { get; private set; }

    /// <summary>Whether packets that are shown come again after ones that are not: the edit list has several parts.</summary>
    public bool HasInnerDiscards { get; private set; }

    /// <summary>The arguments that make ffprobe write the list.</summary>
    public static IEnumerable<string> Arguments(string path, int streamIndex) =>
        [.. FfmpegArguments.Ffprobe, "-select_streams", $"{streamIndex}", "-show_entries", "packet=pts,flags", "-of", "csv=p=0", .. FfmpegArguments.Input(path)];

    /// <summary>Reads the list to its end.</summary>
    /// <param name="read">Where its bytes come from.</param>
    /// <exception cref="InputFaultException">There are more packets than <see cref="VideoInfo.MaxFrames"/>.</exception>
    public static PacketList Read(ReadBytes read)
    {
        var list = new PacketList();
        LineReader.ForEach(read, list.Add);
        return list;
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        var comma = line.IndexOf((byte)',');
        if (comma < 0)
        {
            return;
        }

        var flags = line[(comma + 1)..];
        if (flags.Contains((byte)'D'))
        {
            Discarded++;
            discardedLast = pts.Count > 0;
            return;
        }

        HasInnerDiscards |= discardedLast;
        if (!Utf8Parser.TryParse(line[..comma], out long value, out var used) || used != comma)
        {
            WithoutPts++;
            return;
        }

        if (pts.Count == VideoInfo.MaxFrames)
        {
            throw new InputFaultException("probe", $"The video has more than {VideoInfo.MaxFrames} frames.");
        }

        pts.Add(value);
        if (flags.Contains((byte)'K'))
        {
            keyPts.Add(value);
        }
    }
}
