namespace ActorCluster.Processing.Decoding;

/// <summary>
/// The node that decoded a unit of work was lost before the unit's end. The unit is tried again; neither the video nor this node is at fault.
/// </summary>
internal sealed class DecoderLostException(string message, Exception inner) : Exception(message, inner);
