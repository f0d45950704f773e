using System.Buffers.Binary;
using System.Text;

namespace ActorCluster.Media;

/// <summary>Looks at the top-level boxes of an MP4 file (ISO/IEC 14496-12, section 4.2).</summary>
internal static class Mp4Boxes
{
    private const int MaxBoxes = 10_000;

    /// <summary>Whether a file begins with a box that MP4 and QuickTime files begin with.</summary>
    /// <param name="path">The file.</param>
    public static bool IsMp4(string path)
    {
        using var file = SourceFile.Open(path);
        Span<byte> head = stackalloc byte[8];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && Encoding.ASCII.GetString(head[4..]) is "ftyp" or "styp" or "moov" or "mdat" or "free" or "skip" or "wide" or "pnot";
    }

    /// <summary>Whether the file has movie fragments.</summary>
    /// <param name="path">The file.</param>
    public static bool IsFragmented(string path)
    {
        using var file = SourceFile.Open(path);
        Span<byte> head = stackalloc byte[16];
        long at = 0;
        for (var boxes = 0; boxes < MaxBoxes && at <= file.Length - 8; boxes++)
        {
            file.Position = at;
            var read = file.ReadAtLeast(head, 8, throwOnEndOfStream: false);
            if (head[4..8].SequenceEqual("moof"u8))
            {
                return true;
            }

            long size = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (size == 1 && read == head.Length)
            {
                size = BinaryPrimitives.ReadInt64BigEndian(head[8..]);
            }

            // 0 means "to the end"; anything else below 8 is damage that ffmpeg has already judged.
            if (size < 8 || size > file.Length - at)
            {
                return false;
            }

            at += size;
        }

        return false;
    }
}
