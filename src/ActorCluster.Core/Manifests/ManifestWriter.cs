using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorCluster.Core.Manifests;

/// <summary>
/// Writes the manifest that a run is frozen to. The form is canonical, so equal entries give equal bytes and the file's SHA-256 stands for the list: one JSON
/// object a line, keys in the order id, uri, faces, labels, absent ones left out, no white space, UTF-8 without a byte order mark, LF.
/// </summary>
public static class ManifestWriter
{
    // Paths stay readable; the file is never put into HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes entries as JSON lines, which <see cref="ManifestReader.ReadJsonl"/> reads back to equal ones.</summary>
    /// <param name="stream">Where to; it is flushed, not closed.</param>
    /// <param name="entries">The entries, in the order of the run.</param>
    /// <exception cref="ArgumentException">
    /// An id or path is not one that the reader accepts as it stands (a path must be full and normalised), an id occurs twice, or there are too many entries.
    /// </exception>
    public static void WriteJsonl(Stream stream, IEnumerable<VideoEntry> entries)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var line = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(line, Options);
        foreach (var entry in entries)
        {
            Check(entry, ids);
            line.ResetWrittenCount();
            json.Reset();
            json.WriteStartObject();
            json.WriteString("id", entry.Id);
            json.WriteString("uri", entry.Uri);
            if (entry.Faces is not null)
            {
                json.WriteString("faces", entry.Faces);
            }

            if (entry.Labels is not null)
            {
                json.WriteString("labels", entry.Labels);
            }

            json.WriteEndObject();
            json.Flush();
            if (line.WrittenCount > ManifestReader.LongestEntry)
            {
                throw new ArgumentException($"The video {entry.Id} takes {line.WrittenCount} bytes; at most {ManifestReader.LongestEntry} are allowed.", nameof(entries));
            }

            stream.Write(line.WrittenSpan);
            stream.WriteByte((byte)'\n');
        }

        stream.Flush();
    }

    private static void Check(VideoEntry entry, HashSet<string> ids)
    {
        if (ManifestEntries.CheckId(entry.Id) is { } wrong)
        {
            throw new ArgumentException($"The id \"{entry.Id}\" {wrong}.", nameof(entry));
        }

        if (!ids.Add(entry.Id))
        {
            throw new ArgumentException($"The id \"{entry.Id}\" occurs twice.", nameof(entry));
        }

        if (ids.Count > ManifestReader.MostEntries)
        {
            throw new ArgumentException($"A manifest has at most {ManifestReader.MostEntries} entries.", nameof(entry));
        }

        foreach (var path in new[] { entry.Uri, entry.Faces, entry.Labels })
        {
            if (path is not null && (!Path.IsPathFullyQualified(path) || LocalPath.Resolve(path, "/", out var full) is not null || full != path))
            {
                throw new ArgumentException($"The path \"{path}\" of the video {entry.Id} is not a full, normalised path of a local file.", nameof(entry));
            }
        }
    }
}
