namespace ActorCluster.Models.Checkpoints;

/// <summary>
/// A checkpoint is absent, malformed, of a format that is not read, or holds more than tensors. The message names the file, the tensor where one
/// is concerned, and what to do.
/// </summary>
public sealed class CheckpointFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">File, tensor, what is wrong, what to do.</param>
    /// <param name="inner">The exception behind it, if any.</param>
    public CheckpointFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
