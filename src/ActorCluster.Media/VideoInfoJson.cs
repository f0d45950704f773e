using System.Text.Json;

namespace ActorCluster.Media;

/// <summary>Writes and reads a <see cref="VideoInfo"/> as JSON, its timestamps as base64 of run lengths of their differences.</summary>
public static class VideoInfoJson
{
    /// <summary>The most bytes that <see cref="Read"/> accepts.</summary>
    public const int MaxBytes = 256 << 20;

    /// <summary>Writes a video's description.</summary>
    /// <param name="stream">Where to, left open.</param>
    /// <param name="info">The description.</param>
    public static void Write(Stream stream, VideoInfo info) => JsonSerializer.Serialize(stream, info);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="stream">Where from, left open; read to its end.</param>
    /// <exception cref="InvalidDataException">It is malformed or larger than <see cref="MaxBytes"/>.</exception>
    public static VideoInfo Read(Stream stream)
    {
        using var text = new MemoryStream();
        var block = new byte[64 * 1024];
        for (int n; (n = stream.Read(block)) > 0;)
        {
            text.Write(block, 0, n);
            if (text.Length > MaxBytes)
            {
                throw new InvalidDataException($"A video's description has at most {MaxBytes} bytes.");
            }
        }

        try
        {
            return JsonSerializer.Deserialize<VideoInfo>(text.GetBuffer().AsSpan(0, (int)text.Length)) ?? throw new InvalidDataException("A video's description is not null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The video's description is malformed: {e.Message}", e);
        }
    }
}
