namespace ActorCluster.Processing.Runs;

/// <summary>What a user asked for cannot be: there is no such pipeline, it is wrong, or there is no video.</summary>
/// <param name="message">What is wrong, as a sentence.</param>
/// <param name="inner">The exception behind it, if any.</param>
public sealed class RunRequestException(string message, Exception? inner = null) : Exception(message, inner);
