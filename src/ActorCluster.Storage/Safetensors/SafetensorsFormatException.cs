namespace ActorCluster.Storage;

/// <summary>A file is not a well-formed safetensors file, or lacks what it was opened for. The message says what is wrong and where.</summary>
public sealed class SafetensorsFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong and where.</param>
    /// <param name="inner">The exception behind it, if any.</param>
    public SafetensorsFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
