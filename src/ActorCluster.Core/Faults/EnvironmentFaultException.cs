namespace ActorCluster.Core.Faults;

/// <summary>
/// A failure whose cause lies in the machine or its set-up, never in a video: the work is tried again with back-off, and if it lasts the run
/// stops and says what to do.
/// </summary>
public class EnvironmentFaultException : Exception
{
    /// <summary>Makes the fault.</summary>
    /// <param name="stage">Where it was met, such as <c>decode</c> or <c>store</c>.</param>
    /// <param name="cause">What is wrong, as a sentence that an operator understands.</param>
    /// <param name="remedy">What to do about it, as a sentence.</param>
    /// <param name="inner">The exception behind it, if any.</param>
    public EnvironmentFaultException(string stage, string cause, string remedy, Exception? inner = null)
        : base($"{stage}: {cause} {remedy}", inner)
    {
        Stage = stage;
        Cause = cause;
        Remedy = remedy;
    }

    /// <summary>Where the fault was met.</summary>
    public string Stage { get; }

    /// <summary>What is wrong.</summary>
    public string Cause { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }
}
