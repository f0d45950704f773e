using System.Collections.Immutable;
using Akka.Cluster;

namespace ActorCluster.Processing.Hosting;

/// <summary>Members whose process may have ended without leaving, and how often in a row their host has refused a connection to them.</summary>
/// <param name="Refusals">The suspects.</param>
internal sealed record CrashSuspects(ImmutableDictionary<UniqueAddress, int> Refusals)
{
    /// <summary>So many refusals in a row are believed: a process that is just taking over a port, or a firewall that is just changed, refuses once.</summary>
    public const int Enough = 3;

    /// <summary>Suspects nobody.</summary>
    public static CrashSuspects None { get; } = new(ImmutableDictionary<UniqueAddress, int>.Empty);

    /// <summary>A connection to a member has ended.</summary>
    public CrashSuspects Suspected(UniqueAddress member) => Refusals.ContainsKey(member) ? this : new(Refusals.Add(member, 0));

    /// <summary>Somebody listens at the member's address, or its host does not answer: whether it lives is for the failure detector to say.</summary>
    public CrashSuspects Cleared(UniqueAddress member) => new(Refusals.Remove(member));

    /// <summary>The member's host says that nobody listens at its address.</summary>
    public CrashSuspects Refused(UniqueAddress member) => Refusals.TryGetValue(member, out var before) ? new(Refusals.SetItem(member, before + 1)) : this;

    /// <summary>The members that are dead for certain. None while this process reaches no majority of the coordinators: then it is this side that has to give way.</summary>
    /// <param name="coordinators">See <see cref="Membership.CoordinatorsOf"/>.</param>
    public IReadOnlyList<UniqueAddress> Dead(IEnumerable<(UniqueAddress Node, bool IsReached)> coordinators) =>
        Membership.IsOnTheSideThatGoesOn(coordinators.Select(c => c.IsReached && !Refusals.ContainsKey(c.Node)))
            ? [.. Refusals.Where(r => r.Value >= Enough).Select(r => r.Key)]
            : [];
}
