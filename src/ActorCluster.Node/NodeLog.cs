using System.Globalization;
using System.Text;
using ActorCluster.Operator;
using System.Text.Json.Nodes;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace ActorCluster.Node;

/// <summary>
/// The log, a line for each event: <c>2026-03-01T12:00:00.123Z WRN source: text | exception</c>, or the same as a JSON object together with what the event is
/// about. Names and causes in it are the world's, so control characters are replaced, and so are secrets.
/// </summary>
/// <param name="writer">Where it is written to.</param>
/// <param name="secrets">Texts that must not appear in it.</param>
/// <param name="json">Whether its lines are JSON objects.</param>
/// <param name="feed">Gets every line, too; null for nobody.</param>
internal sealed class NodeLog(TextWriter writer, IEnumerable<string> secrets, bool json = false, LogFeed? feed = null) : ILogEventSink, ITextFormatter
{
    private const int ShortestSecret = 3;
    private const string WholeText = "Text";
    private readonly string[] _secrets = [.. secrets.Where(s => s.Length >= ShortestSecret).OrderByDescending(s => s.Length)];

    /// <summary>Makes the log of this process.</summary>
    /// <param name="secrets">Texts that must not appear in it.</param>
    /// <param name="json">Whether its lines are JSON objects.</param>
    /// <param name="feed">Gets every line, and has the level from which on there are any.</param>
    public static Logger Create(IEnumerable<string> secrets, bool json, LogFeed feed) =>
        new LoggerConfiguration().MinimumLevel.ControlledBy(feed.Level).WriteTo.Sink(new NodeLog(Console.Error, secrets, json, feed)).CreateLogger();

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        var line = Text(logEvent);
        writer.WriteLine(line);
        feed?.Write(line);
    }

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output) => output.WriteLine(Text(logEvent));

    /// <summary>A text that may be shown: on one line, without secrets.</summary>
    public string Clean(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return RunWords.OneLine(text);
    }

    private string Text(LogEvent e) => json ? Json(e) : Line(e);

    private string Line(LogEvent e)
    {
        var line = new StringBuilder().Append(Time(e)).Append(' ').Append(Level(e)).Append(' ')
            .Append(Clean(Message(e)));
        if (e.Exception is { } exception)
        {
            line.Append(" | ").Append(Clean(exception.ToString()));
        }

        return line.ToString();
    }

    private string Json(LogEvent e)
    {
        // The actor system's events are a text already, with what it is about beside it.
        var message = e.Properties.GetValueOrDefault(WholeText) is ScalarValue { Value: string text } ? text : Message(e);
        var line = new JsonObject { ["time"] = Time(e), ["level"] = Level(e), ["message"] = Clean(message) };
        foreach (var (name, value) in e.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (name != WholeText && value is ScalarValue { Value: { } scalar })
            {
                line[name.ToLowerInvariant()] = Clean(Convert.ToString(scalar, CultureInfo.InvariantCulture) ?? "");
            }
        }

        if (e.Exception is { } exception)
        {
            line["exception"] = Clean(exception.ToString());
        }

        return line.ToJsonString();
    }

    private static string Time(LogEvent e) => e.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Level(LogEvent e) => e.Level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "DBG",
        LogEventLevel.Information => "INF",
        LogEventLevel.Warning => "WRN",
        _ => "ERR",
    };

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
