using System.Globalization;
using System.Text;

namespace ActorCluster.Storage;

/// <summary>
/// <c>quarantine.csv</c>: a line per quarantined video (RFC 4180, UTF-8, CRLF). A field that a spreadsheet would take for a formula (it starts
/// with <c>= + - @</c>, a tab or a carriage return) gets a leading apostrophe; <c>summary.json</c> has the texts as they are.
/// </summary>
public static class QuarantineCsv
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the quarantined ones of some videos.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="videos">The videos; others than quarantined ones are passed over.</param>
    public static void Write(Stream stream, IEnumerable<VideoSummary> videos)
    {
        using var writer = new StreamWriter(stream, Utf8, bufferSize: -1, leaveOpen: true) { NewLine = "\r\n" };
        writer.WriteLine("id,uri,stage,cause,attempts,tool_output");
        foreach (var video in videos)
        {
            if (video is { Status: VideoStatus.Quarantined, Fault: { } fault })
            {
                writer.WriteLine(string.Join(
                    ',',
                    Field(video.Id),
                    Field(video.Uri),
                    Field(fault.Stage),
                    Field(fault.Cause),
                    fault.Attempts.ToString(CultureInfo.InvariantCulture),
                    Field(string.Join('\n', fault.ToolOutput))));
            }
        }
    }

    private static string Field(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
