using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Control;

/// <summary>A unit of work on a node.</summary>
/// <param name="Run">The run.</param>
/// <param name="Video">The video's id, at most <see cref="LongestName"/> characters of it.</param>
/// <param name="What">What of it, in words.</param>
/// <param name="Stage">What is being done.</param>
/// <param name="Frames">Frames read so far.</param>
/// <param name="Seconds">How long it has been in work.</param>
/// <param name="StillSeconds">How long ago it made progress last.</param>
/// <param name="WaitsForStore">Whether its results wait for the store to come back.</param>
public sealed record UnitReport(string Run, string Video, string What, string Stage, int Frames, double Seconds, double StillSeconds, bool WaitsForStore) : IWireMessage
{
    /// <summary>The most characters of a video's id that are told: a report of many units must fit into a message.</summary>
    public const int LongestName = 100;

    /// <summary>A video's id as it is told.</summary>
    internal static string Shortened(string id) => id.Length <= LongestName ? id : id[..(LongestName - 1)] + "…";
}
