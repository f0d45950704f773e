using System.Net;

namespace ActorCluster.Operator;

/// <summary>A node answers, but does not do what was asked.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="detail">What is wrong and what to do; perhaps several lines.</param>
public sealed class OperatorRefusedException(HttpStatusCode status, string detail) : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>Whether what was asked is wrong; else it is right and something else fails, perhaps for a while.</summary>
    public bool IsAskersFault => Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.RequestEntityTooLarge;
}
