using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Runs;

/// <summary>
/// A run's manifest as registered: one JSON line per video, with the file's size and time at registration, so that a file that has changed since is
/// noticed. Lines are only ever appended or given a new revision; a video's line number is its name in the journal.
/// </summary>
internal static partial class FrozenManifest
{
    /// <summary>Writes the manifest in place of the one before.</summary>
    /// <returns>Its SHA-256, lower-case hex.</returns>
    public static string Write(string path, IEnumerable<Line> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AtomicFile.Write(path, stream =>
        {
            foreach (var line in lines)
            {
                byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, Json.Default.Line), (byte)'\n'];
                hash.AppendData(bytes);
                stream.Write(bytes);
            }
        });
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Reads a manifest; an absent one is empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expectedHash">Its SHA-256, or null to take it as it is.</param>
    /// <exception cref="EnvironmentFaultException">The file cannot be read, or is not the one that the run was submitted with.</exception>
    public static IReadOnlyList<Line> Read(string path, string? expectedHash)
    {
        if (expectedHash is null && !File.Exists(path))
        {
            return [];
        }

        try
        {
            var bytes = File.ReadAllBytes(path);
            if (expectedHash is not null && Convert.ToHexStringLower(SHA256.HashData(bytes)) != expectedHash)
            {
                throw new EnvironmentFaultException("manifest", $"'{path}' is not the manifest that the run was submitted with.", "Submit the run again with the same inputs.");
            }

            var lines = new List<Line>();
            var rest = bytes.AsSpan();
            while (!rest.IsEmpty)
            {
                var end = rest.IndexOf((byte)'\n') is var at && at < 0 ? rest.Length : at;
                lines.Add(JsonSerializer.Deserialize(rest[..end], Json.Default.Line) ?? throw new JsonException("An empty line."));
                rest = rest[Math.Min(end + 1, rest.Length)..];
            }

            return lines;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new EnvironmentFaultException("manifest", $"'{path}' cannot be read: {e.Message}", "Restore the file, or start the run under another name with --run.", e);
        }
    }

    /// <summary>One video as registered.</summary>
    /// <param name="Id">The video's id.</param>
    /// <param name="Uri">The file's full path.</param>
    /// <param name="Faces">A folder of face crops, if any.</param>
    /// <param name="Labels">A file of labels, if any.</param>
    /// <param name="Length">The file's size in bytes at registration, -1 when it was not there.</param>
    /// <param name="Modified">The file's modification time at registration in UTC ticks.</param>
    /// <param name="Revision">1, and one more for every time that the file was found changed or more formats were asked for.</param>
    /// <param name="Csv">Whether this revision is published as CSV.</param>
    /// <param name="Parquet">Whether this revision is published as Parquet.</param>
    internal sealed record Line(string Id, string Uri, string? Faces, string? Labels, long Length, long Modified, int Revision, bool Csv, bool Parquet)
    {
        /// <summary>Registers a video with its file as it is now.</summary>
        public static Line Of(VideoEntry entry, int revision, bool csv, bool parquet)
        {
            var file = new FileInfo(entry.Uri);
            return new Line(entry.Id, entry.Uri, entry.Faces, entry.Labels, file.Exists ? file.Length : -1, file.Exists ? file.LastWriteTimeUtc.Ticks : 0, revision, csv, parquet);
        }

        /// <summary>The manifest's own view of the line.</summary>
        [JsonIgnore]
        public VideoEntry Entry => new(Id, Uri, Faces, Labels);
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Line))]
    private sealed partial class Json : JsonSerializerContext;
}
