using System.Collections.Immutable;
using ActorCluster.Core.Windows;

namespace ActorCluster.Core.Voting;

/// <summary>Votes of windows whose frames are not all decided: disjoint runs of windows in order, each pointing into the message that brought it.</summary>
internal sealed class PendingVotes : IEquatable<PendingVotes>
{
    private static readonly Comparer<Segment> ByFirstWindow = Comparer<Segment>.Create((a, b) => a.First.CompareTo(b.First));

    private readonly ImmutableList<Segment> segments;

    private PendingVotes(ImmutableList<Segment> segments)
    {
        this.segments = segments;
    }

    public static PendingVotes Empty { get; } = new([]);

    /// <summary>Adds those windows of <paramref name="votes"/> from <paramref name="fromWindow"/> on that are not yet here: a window votes once.</summary>
    public PendingVotes Add(WindowVotes votes, int fromWindow)
    {
        var gaps = Missing(Math.Max(votes.FirstWindow, fromWindow), votes.EndWindow);
        if (gaps.IsEmpty)
        {
            return this;
        }

        var all = segments.ToBuilder();
        foreach (var gap in gaps)
        {
            var segment = new Segment(gap.First, gap.End, votes);
            all.Insert(~all.BinarySearch(segment, ByFirstWindow), segment);
        }

        return new PendingVotes(all.ToImmutable());
    }

    /// <summary>Forgets the windows before <paramref name="window"/>.</summary>
    public PendingVotes DropBefore(int window)
    {
        var rest = segments;
        while (!rest.IsEmpty && rest[0].First < window)
        {
            rest = rest[0].End <= window ? rest.RemoveAt(0) : rest.SetItem(0, rest[0] with { First = window });
        }

        return ReferenceEquals(rest, segments) ? this : new PendingVotes(rest);
    }

    /// <summary>The first window at or after <paramref name="window"/> that has not voted.</summary>
    public int FirstMissing(int window)
    {
        for (var i = IndexOf(window); i < segments.Count && segments[i].First <= window; i++)
        {
            window = segments[i].End;
        }

        return window;
    }

    /// <summary>The windows in [<paramref name="window"/>, <paramref name="end"/>) that have not voted.</summary>
    public ImmutableArray<WindowRange> Missing(int window, int end)
    {
        var missing = ImmutableArray.CreateBuilder<WindowRange>();
        for (var i = IndexOf(window); window < end; i++)
        {
            var until = i < segments.Count ? Math.Min(segments[i].First, end) : end;
            if (window < until)
            {
                missing.Add(new WindowRange(window, until - window));
            }

            window = i < segments.Count ? segments[i].End : end;
        }

        return missing.DrainToImmutable();
    }

    /// <summary>The votes that hold a window, which must be here, and the window's place among them.</summary>
    public (WindowVotes Votes, int Place) Find(int window)
    {
        var segment = segments[IndexOf(window)];
        return (segment.Votes, window - segment.Votes.FirstWindow);
    }

    /// <summary>Equality of the windows and their bits, however they arrived.</summary>
    public bool Equals(PendingVotes? other) =>
        other is not null && (ReferenceEquals(segments, other.segments) || Windows().SequenceEqual(other.Windows()));

    public override bool Equals(object? obj) => Equals(obj as PendingVotes);

    public override int GetHashCode() => segments.IsEmpty ? 0 : segments[0].First;

    /// <summary>The index of the first segment that ends after <paramref name="window"/>.</summary>
    private int IndexOf(int window)
    {
        var at = segments.BinarySearch(new Segment(window, window, null!), ByFirstWindow);
        if (at >= 0)
        {
            return at;
        }

        return ~at > 0 && segments[~at - 1].End > window ? ~at - 1 : ~at;
    }

    private IEnumerable<WindowVotes> Windows()
    {
        foreach (var segment in segments)
        {
            var rows = segment.Votes.Flags.Length / segment.Votes.WindowCount;
            for (var window = segment.First; window < segment.End; window++)
            {
                var at = (window - segment.Votes.FirstWindow) * rows;
                yield return new WindowVotes(
                    window,
                    1,
                    segment.Votes.Probabilities.Slice(at * Expressions.Count, rows * Expressions.Count),
                    segment.Votes.Flags.Slice(at, rows));
            }
        }
    }

    private readonly record struct Segment(int First, int End, WindowVotes Votes);
}
