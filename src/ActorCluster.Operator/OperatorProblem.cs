using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ActorCluster.Operator;

/// <summary>Why a request was not carried out: problem details as RFC 9457 has them.</summary>
/// <param name="Title">What went wrong, in short.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do, for a person; several lines where several things are wrong.</param>
/// <param name="Nearest">Names that were perhaps meant; left out when there are none.</param>
internal sealed record OperatorProblem(
    string Title, int Status, string Detail, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> Nearest = default)
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Where a video failed by its own fault; left out of other problems.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stage { get; init; }

    /// <summary>Why it failed; left out of other problems.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cause { get; init; }
}
