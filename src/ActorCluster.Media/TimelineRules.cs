using System.Collections.Immutable;

namespace ActorCluster.Media;

/// <summary>Whether a stream's packets tell its displayed frames one for one.</summary>
internal static class TimelineRules
{
    private static readonly string[] OneFramePerPacket = ["h264", "hevc", "vp9", "av1", "mjpeg", "prores", "mpeg2video", "mpeg1video", "ffv1", "png", "rawvideo"];
    private static readonly string[] Containers = ["mp4", "matroska", "mpegts", "mpeg", "flv", "nut", "mxf"];

    /// <summary>Why the frames have to be decoded to learn their timestamps; null when the packets tell.</summary>
    /// <param name="facts">The file's streams.</param>
    /// <param name="packets">The video stream's packets.</param>
    /// <param name="sorted">The packets' timestamps, in increasing order.</param>
    public static string? WhyPacketsDoNotTell(StreamFacts facts, PacketList packets, ImmutableArray<long> sorted)
    {
        var codec = facts.Codec;
        return facts switch
        {
            _ when packets.WithoutPts > 0 => $"{packets.WithoutPts} of its packets have no timestamp.",
            _ when !facts.Container.Split(',').Any(Containers.Contains) => $"The container {facts.Container} does not give each frame a timestamp of its own.",
            _ when !OneFramePerPacket.Contains(codec) => $"Packets of {codec} need not be frames.",
            _ when facts.IsInterlaced && codec is not ("mjpeg" or "prores" or "ffv1" or "rawvideo") => $"Its pictures are interlaced ({facts.Video.FieldOrder}), and a packet may be a field.",
            _ when HasRepeats(sorted) => "Several of its packets have the same timestamp.",
            _ => null,
        };
    }

    private static bool HasRepeats(ImmutableArray<long> sorted)
    {
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1])
            {
                return true;
            }
        }

        return false;
    }
}
