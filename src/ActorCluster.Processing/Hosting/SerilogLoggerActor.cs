using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Serilog;
using Serilog.Events;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// Passes the actor system's log to Serilog's <see cref="Log.Logger"/>, with the node, and with run, video and chunk where the event's template has places of these
/// names.
/// </summary>
internal sealed class SerilogLoggerActor : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private static readonly string[] Subjects = ["Run", "Video", "Chunk"];

    public SerilogLoggerActor()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<Akka.Event.LogEvent>(e => Subject(e).Write(
            e.LogLevel() switch
            {
                LogLevel.ErrorLevel => LogEventLevel.Error,
                LogLevel.WarningLevel => LogEventLevel.Warning,
                LogLevel.InfoLevel => LogEventLevel.Information,
                _ => LogEventLevel.Debug,
            },
            e.Cause,
            "{Source}: {Text}",
            e.LogSource,
            e.Message.ToString()));
    }

    private static ILogger Subject(Akka.Event.LogEvent e)
    {
        // There is no address before the node listens.
        var address = ((ExtendedActorSystem)Context.System).Provider?.DefaultAddress;
        var log = address?.Port is { } port ? Log.Logger.ForContext("Node", $"{address.Host}:{port}") : Log.Logger;
        return e.TryGetProperties(out var properties)
            ? Subjects.Where(properties!.ContainsKey).Aggregate(log, (subject, name) => subject.ForContext(name, properties[name]?.ToString()))
            : log;
    }
}
