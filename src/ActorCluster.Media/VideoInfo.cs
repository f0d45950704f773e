using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ActorCluster.Core;

namespace ActorCluster.Media;

/// <summary>What the probe found out about one video: everything that planning and reading need.</summary>
/// <param name="Path">The file's full path.</param>
/// <param name="Stamp">Its size and time of change when it was probed.</param>
/// <param name="ContentHash">SHA-256 of its bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Container">ffmpeg's name of the container, such as <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="Codec">ffmpeg's name of the video codec, such as <c>h264</c>.</param>
/// <param name="StreamIndex">The video stream's index in the file.</param>
/// <param name="Width">Displayed width in square pixels, after rotation, 1 to <see cref="MaxSide"/>.</param>
/// <param name="Height">Displayed height in square pixels, after rotation, 1 to <see cref="MaxSide"/>.</param>
/// <param name="Timeline">The displayed frames.</param>
/// <param name="Seek">Where decoding may start.</param>
/// <param name="Audio">The audio stream; null when there is none.</param>
/// <param name="Warnings">What an operator should know of the file, as sentences.</param>
[JsonConverter(typeof(VideoInfoJsonConverter))]
public sealed record VideoInfo(
    string Path,
    FileStamp Stamp,
    string ContentHash,
    string Container,
    string Codec,
    int StreamIndex,
    int Width,
    int Height,
    FrameTimeline Timeline,
    SeekPlan Seek,
    AudioTrack? Audio,
    ImmutableArray<string> Warnings)
{
    /// <summary>The most pixels that a frame may have in width or height.</summary>
    public const int MaxSide = 16384;

    /// <summary>The most pixels that a frame may have in all.</summary>
    public const long MaxPixels = 1L << 27;

    /// <summary>The most frames that a video may have: 185 hours at 30 frames a second.</summary>
    public const int MaxFrames = 20_000_000;
}
