using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Videos;

/// <summary>What is known of one unit of work.</summary>
/// <param name="Unit">The unit's index.</param>
/// <param name="Attempts">How often it was started.</param>
/// <param name="Node">The process that works on it, empty when none does.</param>
/// <param name="Alone">Whether it is the only unit in that process.</param>
/// <param name="Suspect">Whether a process died with it in flight; it is then run alone.</param>
/// <param name="DeathsAlone">How many processes died while it was alone there; only these count against it.</param>
/// <param name="Stalls">How often its lease was taken back for want of progress.</param>
internal sealed record UnitState(int Unit, int Attempts, string Node, bool Alone, bool Suspect, int DeathsAlone, int Stalls) : IWireMessage
{
    /// <summary>Whether a process works on it.</summary>
    public bool InFlight => Node.Length > 0;
}
