namespace ActorCluster.Operator;

/// <summary>The body of <c>POST /v1/session</c>.</summary>
/// <param name="Token">The token.</param>
internal sealed record SessionRequest(string Token);
