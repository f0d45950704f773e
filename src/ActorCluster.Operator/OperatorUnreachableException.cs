namespace ActorCluster.Operator;

/// <summary>None of the named nodes answers.</summary>
/// <param name="detail">Each node with what came of asking it.</param>
/// <param name="inner">The exception behind it, if any.</param>
public sealed class OperatorUnreachableException(string detail, Exception? inner = null) : Exception(detail, inner);
