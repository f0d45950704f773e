using System.Globalization;
using System.Text;
using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>Reads the files of <see cref="PredictionCsv"/>.</summary>
internal static class PredictionCsvReader
{
    private const NumberStyles Number = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    public static FramePredictions Read(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024, leaveOpen: true);
        if (reader.ReadLine() != PredictionCsv.Header)
        {
            throw new PredictionFormatException($"Line 1 is not the header '{PredictionCsv.Header}'.");
        }

        var pts = new List<double>();
        var labels = new List<Expression>();
        var probabilities = new List<double>();
        var flags = new List<FrameFlags>();
        while (reader.ReadLine() is { } line)
        {
            var row = pts.Count + 1;
            var fields = line.AsSpan().Split(',');
            if (!int.TryParse(Next(ref fields, line, row), NumberStyles.None, CultureInfo.InvariantCulture, out var frame) || frame != row)
            {
                throw Malformed(row, "the frame is not " + row);
            }

            pts.Add(Decimal(Next(ref fields, line, row), row));
            var label = Next(ref fields, line, row);
            labels.Add(PredictionColumns.ParseLabel(label) ?? throw Malformed(row, $"the label '{label}' is not a class"));
            for (var c = 0; c < Expressions.Count; c++)
            {
                probabilities.Add(Decimal(Next(ref fields, line, row), row));
            }

            var set = FrameFlags.None;
            foreach (var (name, flag) in PredictionColumns.Flags)
            {
                set |= Next(ref fields, line, row) switch
                {
                    "true" => flag,
                    "false" => 0,
                    _ => throw Malformed(row, $"{name} is neither true nor false"),
                };
            }

            flags.Add(set);
            if (fields.MoveNext())
            {
                throw Malformed(row, "it has too many fields");
            }
        }

        return new FramePredictions([.. pts], [.. labels], [.. probabilities], [.. flags]);
    }

    private static ReadOnlySpan<char> Next(ref MemoryExtensions.SpanSplitEnumerator<char> fields, string line, int row) =>
        fields.MoveNext() ? line.AsSpan(fields.Current) : throw Malformed(row, "it has too few fields");

    private static double Decimal(ReadOnlySpan<char> text, int row) =>
        double.TryParse(text, Number, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Malformed(row, $"'{text}' is not a number");

    private static PredictionFormatException Malformed(int row, string what) => new($"Line {row + 1}: {what}.");
}
