using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;

namespace ActorCluster.Core.Labels;

/// <summary>
/// A video's annotations in the format of the ABAW challenge (Aff-Wild2): a header line with the class names, then one integer per line, line k after the header
/// for frame k, counted from 1. Byte order marks, CRLF, commas and spaces after a value, and blank lines at the end are tolerated.
/// </summary>
/// <param name="Labels">The label of each frame, [frames]: an <see cref="Expression"/> from 0 to 7, or <see cref="Unlabelled"/>.</param>
/// <param name="HasHeader">Whether the first line names the classes. Damaged copies lack it; their first line is the first frame's label all the same.</param>
/// <param name="Notices">What was put right, as sentences.</param>
public sealed record LabelFile(ImmutableArray<sbyte> Labels, bool HasHeader, ImmutableArray<string> Notices)
{
    /// <summary>The label of a frame that was not annotated: it is neither trained on nor scored.</summary>
    public const sbyte Unlabelled = -1;

    /// <summary>The most labels of a file: 185 hours at 30 frames a second.</summary>
    public const int MostLabels = 20_000_000;

    /// <summary>By how many frames a file and its video may differ. Aff-Wild2's annotations do so, as frame counters disagree by one.</summary>
    public const int Tolerance = 1;

    private const string Stage = "labels";

    /// <summary>Reads a file of labels.</summary>
    /// <param name="stream">Where from, left open.</param>
    /// <param name="name">The file as faults name it.</param>
    /// <exception cref="InputFaultException">The content is not such a file; the cause names the line.</exception>
    public static LabelFile Read(Stream stream, string name)
    {
        var reader = new Utf8LineReader(stream, Stage, name);
        var labels = new List<sbyte>();
        var hasHeader = false;
        var blank = 0;
        while (reader.TryRead(out var line))
        {
            var row = Utf8LineReader.TrimRow(line);
            if (row.IsEmpty)
            {
                blank = blank == 0 ? reader.Line : blank;
            }
            else if (blank != 0)
            {
                throw reader.Fault($"a value follows blank line {blank}, so that its frame is unknown. Write {Unlabelled} for a frame without a label.");
            }
            else if (reader.Line == 1 && row[0] is not ((byte)'-' or (byte)'+' or (>= (byte)'0' and <= (byte)'9')))
            {
                hasHeader = ClassHeader.IsClasses(row)
                    ? true
                    : throw reader.Fault($"the header {Utf8LineReader.Quote(row)} does not name the eight classes in order; '{ClassHeader.Text}' is expected.");
            }
            else if (labels.Count == MostLabels)
            {
                throw reader.Fault($"more than {MostLabels} labels are not read.");
            }
            else
            {
                labels.Add(Parse(row) ?? throw reader.Fault($"{Utf8LineReader.Quote(row)} is not a label; one integer from {Unlabelled} to {Expressions.Count - 1} is expected."));
            }
        }

        if (labels.Count == 0)
        {
            throw new InputFaultException(Stage, $"{name} holds no label.");
        }

        return new LabelFile(
            [.. labels], hasHeader, hasHeader ? [] : ["The header line is missing; line 1 was taken for the label of frame 1."]);
    }

    /// <summary>Writes labels as <see cref="Read"/> reads them, with the header and LF line ends.</summary>
    /// <param name="stream">Where to, left open.</param>
    /// <param name="labels">The label of each frame, from -1 to 7.</param>
    /// <exception cref="ArgumentOutOfRangeException">A label is out of range.</exception>
    public static void Write(Stream stream, ReadOnlySpan<sbyte> labels)
    {
        var text = new StringBuilder(ClassHeader.Text).Append('\n');
        foreach (var label in labels)
        {
            if (label is < Unlabelled or >= Expressions.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), label, $"A label is from {Unlabelled} to {Expressions.Count - 1}.");
            }

            text.Append((int)label).Append('\n');
        }

        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>
    /// Gives the labels the length of their video. One frame of difference either way is put right and noticed: a frame without a label is
    /// <see cref="Unlabelled"/>, a label without a frame is dropped.
    /// </summary>
    /// <param name="frames">The number of frames of the video, at least 1.</param>
    /// <param name="video">The video as faults name it.</param>
    /// <returns>Labels, [<paramref name="frames"/>].</returns>
    /// <exception cref="InputFaultException">The counts differ by more than <see cref="Tolerance"/>.</exception>
    public LabelFile FitTo(int frames, string video)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        var surplus = Labels.Length - frames;
        if (surplus == 0)
        {
            return this;
        }

        if (Math.Abs(surplus) > Tolerance)
        {
            throw new InputFaultException(
                Stage,
                $"{video} has {frames} frames but {Labels.Length} labels; a difference of {Tolerance} is tolerated. Check that the labels are those of this video and that neither file was cut short.");
        }

        var fitted = new sbyte[frames];
        fitted.AsSpan().Fill(Unlabelled);
        Labels.AsSpan(0, Math.Min(frames, Labels.Length)).CopyTo(fitted);
        var notice = surplus > 0
            ? $"{video} has {frames} frames but {Labels.Length} labels; the last label was dropped."
            : $"{video} has {frames} frames but {Labels.Length} labels; the last frame counts as unlabelled.";
        return this with { Labels = ImmutableCollectionsMarshal.AsImmutableArray(fitted), Notices = Notices.Add(notice) };
    }

    private static sbyte? Parse(ReadOnlySpan<byte> row) => row switch
    {
        [>= (byte)'0' and <= (byte)'7'] => (sbyte)(row[0] - '0'),
        [(byte)'-', (byte)'1'] => Unlabelled,
        _ => null,
    };
}
