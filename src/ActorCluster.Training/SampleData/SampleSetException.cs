namespace ActorCluster.Training.SampleData;

/// <summary>A sample set cannot be made as asked for: the message says what would do.</summary>
/// <param name="message">What is wrong and what to do.</param>
public sealed class SampleSetException(string message) : Exception(message);
