namespace ActorCluster.Storage;

/// <summary>The inputs named on the command line cannot be used. The message says which and why: an error of usage.</summary>
public sealed class InputSelectionException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which input cannot be used and why.</param>
    /// <param name="inner">The exception behind it, if any.</param>
    public InputSelectionException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
