using System.Globalization;
using System.Text;
using ActorCluster.Operator;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace ActorCluster.Node;

/// <summary>
/// A node's log on standard error, a line for each event: <c>2026-03-01T12:00:00.123Z WRN source: text | exception</c>. Names and causes in it are the
/// world's, so control characters are replaced, and so are secrets.
/// </summary>
/// <param name="writer">Where it is written to.</param>
/// <param name="secrets">Texts that must not appear in it.</param>
/// <param name="feed">Gets every line, too; null for nobody.</param>
internal sealed class NodeLog(TextWriter writer, IEnumerable<string> secrets, LogFeed? feed = null) : ILogEventSink
{
    private const int ShortestSecret = 3;
    private readonly string[] _secrets = [.. secrets.Where(s => s.Length >= ShortestSecret).OrderByDescending(s => s.Length)];

    /// <summary>Makes the log of this process.</summary>
    /// <param name="secrets">Texts that must not appear in it.</param>
    /// <param name="feed">Gets every line, and has the level from which on there are any.</param>
    public static Logger Create(IEnumerable<string> secrets, LogFeed feed) =>
        new LoggerConfiguration().MinimumLevel.ControlledBy(feed.Level).WriteTo.Sink(new NodeLog(Console.Error, secrets, feed)).CreateLogger();

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        var line = Line(logEvent);
        writer.WriteLine(line);
        feed?.Write(line);
    }

    /// <summary>A text that may be shown: on one line, without secrets.</summary>
    public string Clean(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return RunWords.OneLine(text);
    }

    internal string Line(LogEvent e)
    {
        var level = e.Level switch
        {
            LogEventLevel.Verbose or LogEventLevel.Debug => "DBG",
            LogEventLevel.Information => "INF",
            LogEventLevel.Warning => "WRN",
            _ => "ERR",
        };
        var line = new StringBuilder()
            .Append(e.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)).Append(' ').Append(level).Append(' ')
            .Append(Clean(Message(e)));
        if (e.Exception is { } exception)
        {
            line.Append(" | ").Append(Clean(exception.ToString()));
        }

        return line.ToString();
    }

    /// <summary>The message with texts as they are, not in quotation marks.</summary>
    private static string Message(LogEvent e)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in e.MessageTemplate.Tokens)
        {
            if (token is Serilog.Parsing.PropertyToken property && e.Properties.GetValueOrDefault(property.PropertyName) is ScalarValue { Value: string value })
            {
                text.Write(value);
            }
            else
            {
                token.Render(e.Properties, text, CultureInfo.InvariantCulture);
            }
        }

        return text.ToString();
    }
}
