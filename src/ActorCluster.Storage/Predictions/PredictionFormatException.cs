namespace ActorCluster.Storage;

/// <summary>A prediction file is not one that this program wrote. The message says what is wrong and where.</summary>
public sealed class PredictionFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong and where.</param>
    /// <param name="inner">The exception behind it, if any.</param>
    public PredictionFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
