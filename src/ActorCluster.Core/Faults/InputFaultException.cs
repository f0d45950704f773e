using System.Collections.Immutable;

namespace ActorCluster.Core.Faults;

/// <summary>
/// A failure whose cause lies in a video itself: it is quarantined with this cause and the run goes on. Trying again would fail the same way.
/// </summary>
public sealed class InputFaultException : Exception
{
    /// <summary>Makes the fault.</summary>
    /// <param name="stage">Where it was met, such as <c>probe</c>, <c>decode</c> or <c>audio</c>.</param>
    /// <param name="cause">What is wrong with the input, as a sentence that an operator understands.</param>
    /// <param name="toolOutput">The last lines of the external tool's own messages, oldest first.</param>
    /// <param name="inner">The exception behind it, if any.</param>
    public InputFaultException(string stage, string cause, IEnumerable<string>? toolOutput = null, Exception? inner = null)
        : base($"{stage}: {cause}", inner)
    {
        Stage = stage;
        Cause = cause;
        ToolOutput = toolOutput is null ? [] : [.. toolOutput];
    }

    /// <summary>Where the fault was met.</summary>
    public string Stage { get; }

    /// <summary>What is wrong with the input.</summary>
    public string Cause { get; }

    /// <summary>The last lines of the external tool's own messages, oldest first.</summary>
    public ImmutableArray<string> ToolOutput { get; }
}
