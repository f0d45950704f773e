using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;

namespace ActorCluster.Core.Submissions;

/// <summary>
/// Checks a submission before one of the few tries is spent on it: the header to the letter; in each row exactly two fields, a location <c>video/00001.jpg</c> and a class
/// from 0 to 7; no row twice; and with a template, its rows, all of them, in its order.
/// </summary>
public sealed class SubmissionValidator
{
    /// <summary>The most problems that a report names.</summary>
    public const int MostProblems = 20;

    private readonly SubmissionTemplate? template;

    // Missing rows are found last but may belong first, so each kind keeps its own first ones.
    private readonly List<SubmissionProblem> wrong = [];
    private readonly List<SubmissionProblem> missing = [];
    private readonly HashSet<string> videos = new(StringComparer.Ordinal);

    // Where each location was first seen: by place in the template, or by name without one.
    private readonly int[] seenAt;
    private readonly Dictionary<string, int> seen = new(StringComparer.Ordinal);
    private int highest = -1;
    private int total;

    private SubmissionValidator(SubmissionTemplate? template)
    {
        this.template = template;
        seenAt = new int[template?.Rows.Count ?? 0];
    }

    /// <summary>Checks a submission.</summary>
    /// <param name="stream">Where from, left open.</param>
    /// <param name="name">The file as faults name it.</param>
    /// <param name="template">What the organisers ask for; null to check the form alone.</param>
    /// <exception cref="InputFaultException">It is no text file of lines, or too long to be a submission.</exception>
    public static SubmissionReport Validate(Stream stream, string name, SubmissionTemplate? template)
    {
        var validator = new SubmissionValidator(template);
        var rows = validator.CheckLines(new Utf8LineReader(stream, SubmissionFormat.Stage, name));
        validator.FindMissing();
        return new SubmissionReport(rows, validator.videos.Count, [.. validator.wrong.Concat(validator.missing).OrderBy(p => p.Line).Take(MostProblems)], validator.total);
    }

    private int CheckLines(Utf8LineReader reader)
    {
        var hasHeader = reader.TryRead(out var header);
        if (reader.HasByteOrderMark)
        {
            Add(wrong, 1, "the file begins with a byte order mark, which makes the header another one; save it as UTF-8 without.");
        }
        else if (!hasHeader || !header.SequenceEqual(Encoding.UTF8.GetBytes(SubmissionFormat.Header)))
        {
            Add(wrong, 1, $"the header is {Utf8LineReader.Quote(header)}; '{SubmissionFormat.Header}' is expected to the letter.");
        }

        var rows = 0;
        for (; reader.TryRead(out var line); rows++)
        {
            if (rows == SubmissionFormat.MostRows)
            {
                throw reader.Fault($"more than {SubmissionFormat.MostRows} rows are not read.");
            }

            if (CheckRow(line, reader.Line) is { } problem)
            {
                Add(wrong, reader.Line, problem);
            }
        }

        if (rows == 0)
        {
            Add(wrong, 1, "no row follows.");
        }

        return rows;
    }

    private string? CheckRow(ReadOnlySpan<byte> line, int number)
    {
        if (line.IsEmpty)
        {
            return "it is empty.";
        }

        if (line.Count((byte)',') + 1 is var fields and not 2)
        {
            return $"it has {fields} fields; a location and one class, with one comma between them, are expected.";
        }

        var comma = line.IndexOf((byte)',');
        var location = line[..comma];
        var label = line[(comma + 1)..];
        return SubmissionFormat.ParseLocation(location, out var video, out _)
            ?? CheckPlace(location, video, number)
            ?? (label is [>= (byte)'0' and <= (byte)'7'] ? null : $"the class {Utf8LineReader.Quote(label)} is not an integer from 0 to {Expressions.Count - 1}.");
    }

    private string? CheckPlace(ReadOnlySpan<byte> location, ReadOnlySpan<byte> video, int line)
    {
        var text = Encoding.UTF8.GetString(location);
        videos.GetAlternateLookup<ReadOnlySpan<char>>().Add(text.AsSpan(0, text.LastIndexOf('/')));
        if (template is null)
        {
            return seen.TryAdd(text, line) ? null : $"{Utf8LineReader.Quote(location)} is on line {seen[text]} already.";
        }

        var place = template.IndexOf(text);
        if (place < 0)
        {
            return $"{Utf8LineReader.Quote(location)} is not in the template.";
        }

        if (seenAt[place] != 0)
        {
            return $"{Utf8LineReader.Quote(location)} is on line {seenAt[place]} already.";
        }

        seenAt[place] = line;
        if (place < highest)
        {
            return $"{Utf8LineReader.Quote(location)} is out of order; the template has it before '{template.Rows[highest].Location}'.";
        }

        highest = place;
        return null;
    }

    /// <summary>Neighbouring missing rows of one video are one problem.</summary>
    private void FindMissing()
    {
        for (var i = 0; i < seenAt.Length;)
        {
            if (seenAt[i] != 0)
            {
                i++;
                continue;
            }

            var rows = template!.Rows;
            var first = i;
            while (i < seenAt.Length && seenAt[i] == 0 && rows[i].Video == rows[first].Video)
            {
                i++;
            }

            // Where the rows before are missing as well, all of them belong after the last one that is there.
            var before = first - 1;
            while (before >= 0 && seenAt[before] == 0)
            {
                before--;
            }

            Add(
                missing,
                before < 0 ? 1 : seenAt[before],
                i - first == 1
                    ? $"'{rows[first].Location}' of the template is missing after it."
                    : $"{i - first} rows of the template are missing after it, from '{rows[first].Location}' to '{rows[i - 1].Location}'.");
        }
    }

    private void Add(List<SubmissionProblem> to, int line, string text)
    {
        total++;
        if (to.Count < MostProblems)
        {
            to.Add(new SubmissionProblem(line, text));
        }
    }
}
