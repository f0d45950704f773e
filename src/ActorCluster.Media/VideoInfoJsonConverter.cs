using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorCluster.Core;

namespace ActorCluster.Media;

/// <summary>Converts a <see cref="VideoInfo"/> through a plain document, so that an hour of constant frame rate takes a few bytes.</summary>
internal sealed class VideoInfoJsonConverter : JsonConverter<VideoInfo>
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    /// <inheritdoc/>
    public override VideoInfo Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var document = JsonSerializer.Deserialize<Document>(ref reader, Options) ?? throw new JsonException("A video's description is not null.");
        try
        {
            var timeBase = Rational.TryParse(document.TimeBase, out var parsed) ? parsed : throw new JsonException($"'{document.TimeBase}' is no time base.");
            var timeline = new FrameTimeline(timeBase, TimestampCodec.Decode(document.Pts, document.Frames, VideoInfo.MaxFrames));
            var points = TimestampCodec.Decode(document.SeekPoints, document.SeekPointCount, timeline.Count);
            if (document.Width is < 1 or > VideoInfo.MaxSide || document.Height is < 1 or > VideoInfo.MaxSide || document.StreamIndex < 0)
            {
                throw new JsonException($"Stream {document.StreamIndex} of {document.Width}x{document.Height} is out of range.");
            }

            return new VideoInfo(
                document.Path, document.Stamp, document.ContentHash, document.Container, document.Codec, document.StreamIndex, document.Width, document.Height,
                timeline, new SeekPlan(document.SeekTrusted, document.SeekReason, points), document.Audio, document.Warnings);
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, VideoInfo value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Document(
            value.Path, value.Stamp, value.ContentHash, value.Container, value.Codec, value.StreamIndex, value.Width, value.Height,
            value.Timeline.TimeBase.ToString(), value.Timeline.Count, TimestampCodec.Encode(value.Timeline.Pts),
            value.Seek.Trusted, value.Seek.Reason, value.Seek.SeekPoints.Length, TimestampCodec.Encode(value.Seek.SeekPoints), value.Audio, value.Warnings), Options);

    private sealed record Document(
        string Path, FileStamp Stamp, string ContentHash, string Container, string Codec, int StreamIndex, int Width, int Height,
        string TimeBase, int Frames, string Pts, bool SeekTrusted, string SeekReason, int SeekPointCount, string SeekPoints,
        AudioTrack? Audio, ImmutableArray<string> Warnings);
}
