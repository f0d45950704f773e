using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing;

/// <summary>A failure in a form that travels and is stored.</summary>
/// <param name="IsInput">True when the video is at fault, false when the environment is.</param>
/// <param name="Stage">Where it was met.</param>
/// <param name="Cause">What is wrong.</param>
/// <param name="Remedy">What to do; empty for the input's faults.</param>
/// <param name="ToolOutput">The last lines of the external tool.</param>
internal sealed record Fault(bool IsInput, string Stage, string Cause, string Remedy, ImmutableArray<string> ToolOutput) : IWireMessage
{
    /// <summary>The fault behind an exception. What nobody foresaw is the environment's: it must never cost a video.</summary>
    public static Fault Of(Exception exception, string stage) => exception switch
    {
        AggregateException { InnerException: { } inner } => Of(inner, stage),
        InputFaultException input => new Fault(true, input.Stage, input.Cause, "", input.ToolOutput),
        EnvironmentFaultException environment => new Fault(false, environment.Stage, environment.Cause, environment.Remedy, []),
        _ => new Fault(false, stage, $"{exception.GetType().Name}: {exception.Message}", "Look at the node's log; if it comes again, report it with the log.", []),
    };

    /// <summary>The exception that this is the fault of, in another process.</summary>
    public Exception ToException() => IsInput ? new InputFaultException(Stage, Cause, ToolOutput) : new EnvironmentFaultException(Stage, Cause, Remedy);

    /// <inheritdoc/>
    public override string ToString() => IsInput ? $"{Stage}: {Cause}" : $"{Stage}: {Cause} {Remedy}";
}
