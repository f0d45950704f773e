using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Serilog;
using Serilog.Events;

namespace ActorCluster.Processing.Hosting;

/// <summary>Passes the actor system's log to Serilog's <see cref="Log.Logger"/>.</summary>
internal sealed class SerilogLoggerActor : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    public SerilogLoggerActor()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<Akka.Event.LogEvent>(e => Log.Logger.Write(
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
}
