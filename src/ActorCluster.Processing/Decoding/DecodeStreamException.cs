namespace ActorCluster.Processing.Decoding;

/// <summary>The other end of a decode stream has gone, has fallen silent, or sends what none of ours does.</summary>
internal sealed class DecodeStreamException(string message, Exception? inner = null) : Exception(message, inner);
