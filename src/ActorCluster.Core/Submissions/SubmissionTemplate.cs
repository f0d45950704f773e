using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;

namespace ActorCluster.Core.Submissions;

/// <summary>
/// The frames that the organisers of the challenge want answers for, in their order: a header <c>image_location,Neutral,…,Other</c>, then a line per frame that begins with
/// its location. What follows the location's comma is not looked at.
/// </summary>
public sealed class SubmissionTemplate
{
    private readonly List<SubmissionRow> rows = [];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    private SubmissionTemplate()
    {
    }

    /// <summary>The frames in order.</summary>
    public IReadOnlyList<SubmissionRow> Rows => rows;

    /// <summary>Reads a template.</summary>
    /// <param name="stream">Where from, left open.</param>
    /// <param name="name">The file as faults name it.</param>
    /// <exception cref="InputFaultException">The content is not a template; the cause names the line.</exception>
    public static SubmissionTemplate Read(Stream stream, string name)
    {
        var template = new SubmissionTemplate();
        var reader = new Utf8LineReader(stream, SubmissionFormat.Stage, name);
        if (!reader.TryRead(out var header) || !IsHeader(header))
        {
            throw new InputFaultException(SubmissionFormat.Stage, $"{name}, line 1: the header '{SubmissionFormat.Header}' is expected. Is this the organisers' template?");
        }

        while (reader.TryRead(out var line))
        {
            var comma = line.IndexOf((byte)',');
            var location = (comma < 0 ? line : line[..comma]).Trim(" \t"u8);
            if (!location.IsEmpty)
            {
                template.Add(location, reader);
            }
        }

        return template.rows.Count > 0 ? template : throw new InputFaultException(SubmissionFormat.Stage, $"{name} asks for no frame.");
    }

    /// <summary>The place of a location among the rows, from 0; -1 for one that the template does not have.</summary>
    internal int IndexOf(string location) => places.GetValueOrDefault(location, -1);

    private static bool IsHeader(ReadOnlySpan<byte> line)
    {
        var comma = line.IndexOf((byte)',');
        return comma > 0 && line[..comma].Trim(" \t"u8).SequenceEqual("image_location"u8) && ClassHeader.IsClasses(line[(comma + 1)..]);
    }

    private void Add(ReadOnlySpan<byte> location, Utf8LineReader reader)
    {
        if (SubmissionFormat.ParseLocation(location, out var video, out var frame) is { } problem)
        {
            throw reader.Fault(problem);
        }

        if (rows.Count == SubmissionFormat.MostRows)
        {
            throw reader.Fault($"more than {SubmissionFormat.MostRows} rows are not read.");
        }

        var text = Encoding.UTF8.GetString(location);
        if (!places.TryAdd(text, rows.Count))
        {
            throw reader.Fault($"{Utf8LineReader.Quote(location)} is there twice.");
        }

        // Rows of one video stand together: they share its name.
        var videoText = rows.Count > 0 && text.AsSpan(0, text.LastIndexOf('/')).SequenceEqual(rows[^1].Video) ? rows[^1].Video : Encoding.UTF8.GetString(video);
        rows.Add(new SubmissionRow(text, videoText, frame));
    }
}
