using System.Buffers.Text;
using System.Text;
using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>
/// Predictions as CSV: a header line, then a line per frame of the timeline. UTF-8 without a byte order mark, LF line ends, no quoting. Frames
/// count from 1; times and probabilities have 6 decimals; labels are class names. The same predictions give the same bytes.
/// </summary>
public static class PredictionCsv
{
    private const long Micro = 1_000_000;
    private const int LongestLine = 256;
    private const int BufferBytes = 64 * 1024;

    // Beyond it, micro-seconds no longer fit a double exactly.
    private const double LargestSeconds = 9e9;

    /// <summary>The header line, without its line end.</summary>
    public static string Header { get; } = string.Join(',', PredictionColumns.Names);

    /// <summary>Writes a video's predictions.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="predictions">The predictions. <see cref="FrameFlags.Voted"/> is not written.</param>
    /// <exception cref="ArgumentException">
    /// A row's probabilities are not multiples of 1e-6 that sum to 1, or a time is not finite.
    /// </exception>
    public static void Write(Stream stream, FramePredictions predictions)
    {
        var labels = Expressions.Names.Select(Encoding.UTF8.GetBytes).ToArray();
        var buffer = new byte[BufferBytes];
        var at = Append(buffer, 0, Encoding.UTF8.GetBytes(Header + '\n'));
        for (var i = 0; i < predictions.Count; i++)
        {
            if (at > BufferBytes - LongestLine)
            {
                stream.Write(buffer, 0, at);
                at = 0;
            }

            at = AppendRow(buffer, at, predictions, i, labels);
        }

        stream.Write(buffer, 0, at);
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Times come back rounded to 1e-6 s; probabilities exactly.</summary>
    /// <param name="stream">Where from.</param>
    /// <exception cref="PredictionFormatException">The content is not such a file; names the line.</exception>
    public static FramePredictions Read(Stream stream) => PredictionCsvReader.Read(stream);

    private static int AppendRow(byte[] buffer, int at, FramePredictions predictions, int row, byte[][] labels)
    {
        at = AppendNumber(buffer, at, row + 1);
        buffer[at++] = (byte)',';
        var seconds = predictions.PtsSeconds[row];
        if (!(Math.Abs(seconds) <= LargestSeconds))
        {
            throw new ArgumentException($"Frame {row + 1} has the time {seconds} s.", nameof(predictions));
        }

        at = AppendMicro(buffer, at, (long)Math.Round(seconds * Micro));
        buffer[at++] = (byte)',';
        at = Append(buffer, at, labels[(int)predictions.Labels[row]]);
        var sum = 0L;
        for (var c = 0; c < Expressions.Count; c++)
        {
            var micro = MicroProbability(predictions.Probability(row, (Expression)c), row);
            sum += micro;
            buffer[at++] = (byte)',';
            at = AppendMicro(buffer, at, micro);
        }

        if (sum != Micro)
        {
            throw new ArgumentException($"The probabilities of frame {row + 1} sum to {sum / (double)Micro}, not 1.", nameof(predictions));
        }

        foreach (var (_, flag) in PredictionColumns.Flags)
        {
            buffer[at++] = (byte)',';
            at = Append(buffer, at, (predictions.Flags[row] & flag) != 0 ? "true"u8 : "false"u8);
        }

        buffer[at++] = (byte)'\n';
        return at;
    }

    private static long MicroProbability(double probability, int row)
    {
        var scaled = probability * Micro;
        var micro = Math.Round(scaled);
        return micro is >= 0 and <= Micro && Math.Abs(scaled - micro) < 1e-6
            ? (long)micro
            : throw new ArgumentException($"Frame {row + 1} has the probability {probability}, which is not a multiple of 1e-6 from 0 to 1.");
    }

    private static int Append(byte[] buffer, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer.AsSpan(at));
        return at + text.Length;
    }

    private static int AppendNumber(byte[] buffer, int at, long number)
    {
        Utf8Formatter.TryFormat(number, buffer.AsSpan(at), out var length);
        return at + length;
    }

    private static int AppendMicro(byte[] buffer, int at, long micro)
    {
        if (micro < 0)
        {
            buffer[at++] = (byte)'-';
            micro = -micro;
        }

        at = AppendNumber(buffer, at, micro / Micro);
        buffer[at] = (byte)'.';
        var fraction = micro % Micro;
        for (var digit = 6; digit >= 1; digit--, fraction /= 10)
        {
            buffer[at + digit] = (byte)('0' + (fraction % 10));
        }

        return at + 7;
    }
}
