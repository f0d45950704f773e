namespace ActorCluster.Node;

/// <summary>The command line asks for something that cannot be: the message says what would do.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
