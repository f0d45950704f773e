using System.Text;

namespace ActorCluster.Core.Manifests;

/// <summary>
/// Reads comma-separated records as RFC 4180 writes them: fields may be quoted, and then hold commas, line breaks and doubled quotes; records end with CRLF,
/// LF or CR. Empty lines are passed over.
/// </summary>
internal sealed class CsvRecordReader(ManifestText text, int longestRecord)
{
    private readonly StringBuilder field = new();
    private readonly List<string> fields = [];
    private int length;

    /// <summary>The line where the last record begins.</summary>
    public int Line { get; private set; }

    /// <summary>
    /// What is wrong with the last record, or null. After such a record the rest of its line is passed over, except where <see cref="IsLost"/>.
    /// </summary>
    public string? Problem { get; private set; }

    /// <summary>Whether the place of the next record is unknown, so that reading on makes no sense.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Reads the next record.</summary>
    /// <returns>Its fields, valid until the next call; null at the end.</returns>
    public IReadOnlyList<string>? Read()
    {
        while (AtLineEnd())
        {
            TakeLineEnd();
        }

        if (IsLost || text.Peek() < 0)
        {
            return null;
        }

        Line = text.Line;
        Problem = null;
        length = 0;
        fields.Clear();
        do
        {
            ReadField();
        }
        while (Problem is null && TakeComma());

        if (Problem is null)
        {
            TakeLineEnd();
        }
        else if (!IsLost)
        {
            SkipLine();
        }

        return fields;
    }

    private void ReadField()
    {
        field.Clear();
        if (text.Peek() == '"')
        {
            ReadQuoted();
        }
        else
        {
            while (Problem is null && text.Peek() is >= 0 and not ',' && !AtLineEnd())
            {
                if (text.Peek() == '"')
                {
                    Problem = "a quote stands inside a field that does not begin with one; quote the whole field and double the quotes in it.";
                }
                else
                {
                    Append();
                }
            }
        }

        fields.Add(field.ToString());
    }

    private void ReadQuoted()
    {
        text.Read();
        while (Problem is null)
        {
            if (text.Peek() < 0)
            {
                Lose("a field that begins with a quote is never closed.");
            }
            else if (text.Peek() != '"')
            {
                Append();
            }
            else
            {
                text.Read();
                if (text.Peek() != '"')
                {
                    break;
                }

                Append();
            }
        }

        if (Problem is null && text.Peek() is >= 0 and not ',' && !AtLineEnd())
        {
            Problem = "text follows a closing quote; a quote inside a quoted field must be doubled.";
        }
    }

    private void Append()
    {
        if (length == longestRecord)
        {
            Lose($"the record has more than {longestRecord} characters; is a quote left open? The rest was not read.");
            return;
        }

        field.Append((char)text.Read());
        length++;
    }

    private void Lose(string problem)
    {
        Problem = problem;
        IsLost = true;
    }

    private bool TakeComma()
    {
        if (text.Peek() != ',')
        {
            return false;
        }

        text.Read();
        length++;
        if (length > longestRecord)
        {
            Lose($"the record has more than {longestRecord} characters. The rest was not read.");
        }

        return Problem is null;
    }

    private bool AtLineEnd() => text.Peek() is '\n' or '\r';

    private void TakeLineEnd()
    {
        if (text.Read() == '\r' && text.Peek() == '\n')
        {
            text.Read();
        }
    }

    private void SkipLine()
    {
        while (text.Peek() >= 0 && !AtLineEnd())
        {
            text.Read();
        }
    }
}
