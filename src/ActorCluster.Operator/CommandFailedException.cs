namespace ActorCluster.Operator;

/// <summary>A node has begun a command and could not do it.</summary>
/// <param name="detail">Why, and what is possible instead.</param>
/// <param name="exitCode">What the client ends with.</param>
public sealed class CommandFailedException(string detail, int exitCode) : Exception(detail)
{
    /// <summary>What the client ends with.</summary>
    public int ExitCode { get; } = exitCode;
}
