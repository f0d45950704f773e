using System.Buffers.Text;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media;

/// <summary>
/// What a video stream's packets say, read as ffprobe writes them: one line <c>pts,flags,side data</c> per packet in decoding order. Only numbers are
/// kept: 8 bytes a packet.
/// </summary>
internal sealed class PacketList
{
    private readonly List<long> pts = [];
    private readonly List<long> keyPts = [];
    private readonly List<long> discardedPts = [];

    /// <summary>Timestamps of the packets that are shown, in decoding order.</summary>
    public List<long> Pts => pts;

    /// <summary>Timestamps of the key packets that are shown, in decoding order.</summary>
    public List<long> KeyPts => keyPts;

    /// <summary>How many shown packets have no timestamp.</summary>
    public int WithoutPts { get; private set; }

    /// <summary>Timestamps of the packets that the container says to decode but not to show (edit lists); the least number for none.</summary>
    public List<long> DiscardedPts => discardedPts;

    /// <summary>Whether any packet is encrypted.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>The arguments that make ffprobe write the list.</summary>
    public static IEnumerable<string> Arguments(string path, int streamIndex) =>
        [.. FfmpegArguments.Ffprobe, "-select_streams", $"{streamIndex}", "-show_entries", "packet=pts,flags:packet_side_data=side_data_type", "-of", "csv=p=0", .. FfmpegArguments.Input(path)];

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

        // The flags are "K__" or the like; the names of side data, if any, come after one more comma.
        var flags = line[(comma + 1)..];
        var end = flags.IndexOf((byte)',');
        IsEncrypted |= end >= 0 && flags[end..].IndexOf("Encryption info"u8) >= 0;
        flags = end < 0 ? flags : flags[..end];
        var hasPts = Utf8Parser.TryParse(line[..comma], out long value, out var used) && used == comma;
        if (flags.Contains((byte)'D'))
        {
            RequireRoom(discardedPts);
            discardedPts.Add(hasPts ? value : long.MinValue);
            return;
        }

        if (!hasPts)
        {
            WithoutPts++;
            return;
        }

        RequireRoom(pts);
        pts.Add(value);
        if (flags.Contains((byte)'K'))
        {
            keyPts.Add(value);
        }
    }

    private static void RequireRoom(List<long> list)
    {
        if (list.Count == VideoInfo.MaxFrames)
        {
            throw new InputFaultException("probe", $"The video has more than {VideoInfo.MaxFrames} frames.");
        }
    }
}
