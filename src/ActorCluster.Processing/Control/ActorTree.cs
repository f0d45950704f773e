using System.Collections.Immutable;
using Akka.Actor;

namespace ActorCluster.Processing.Control;

/// <summary>The actors of this process as a tree.</summary>
internal static class ActorTree
{
    /// <summary>Lists them.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="depth">How deep to go; 0 lists the guardians only.</param>
    /// <param name="most">How many to list at most.</param>
    /// <returns>Each before its children, and how many are left out, be it for their depth or their number.</returns>
    public static (ImmutableArray<ActorLine> Actors, int LeftOut) Of(ExtendedActorSystem system, int depth, int most)
    {
        var lines = ImmutableArray.CreateBuilder<ActorLine>();
        var leftOut = 0;
        var open = new Stack<(IActorRef Actor, int Depth)>([(system.SystemGuardian, 0), (system.Guardian, 0)]);
        while (open.TryPop(out var next))
        {
            var cell = (next.Actor as ActorRefWithCell)?.Underlying;
            List<IActorRef> children = next.Actor is ActorRefWithCell known ? [.. known.Children.OrderByDescending(c => c.Path.Name, StringComparer.Ordinal)] : [];
            if (next.Depth <= depth && lines.Count < most)
            {
                lines.Add(new ActorLine(next.Actor.Path.ToStringWithoutAddress(), next.Depth, cell?.Props?.Type?.Name ?? "", children.Count, cell?.NumberOfMessages ?? 0));
            }
            else
            {
                leftOut++;
            }

            children.ForEach(c => open.Push((c, next.Depth + 1)));
        }

        return (lines.ToImmutable(), leftOut);
    }
}
