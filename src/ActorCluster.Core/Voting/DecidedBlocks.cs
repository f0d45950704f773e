using System.Collections.Immutable;

namespace ActorCluster.Core.Voting;

/// <summary>
/// Decided frames from frame 0 on, as an immutable list of blocks: appending shares all but the last blocks. Neighbouring small blocks are joined as
/// the digits of a counter are, so a frame is copied at most log2(<see cref="LargestJoined"/>) times and the overhead per frame stays small whatever the
/// sizes that frames arrive in.
/// </summary>
internal sealed class DecidedBlocks : IEquatable<DecidedBlocks>
{
    public const int LargestJoined = 2048;

    private readonly ImmutableList<FramesDecided> blocks;

    private DecidedBlocks(ImmutableList<FramesDecided> blocks)
    {
        this.blocks = blocks;
    }

    public static DecidedBlocks Empty { get; } = new([]);

    public int FrameCount => blocks.IsEmpty ? 0 : blocks[^1].EndFrame;

    public int BlockCount => blocks.Count;

    /// <summary>Appends frames that begin where these end.</summary>
    public DecidedBlocks Append(FramesDecided next)
    {
        var rest = blocks;
        while (!rest.IsEmpty && rest[^1].Count <= next.Count && rest[^1].Count + next.Count <= LargestJoined)
        {
            next = Join([rest[^1], next]);
            rest = rest.RemoveAt(rest.Count - 1);
        }

        return new DecidedBlocks(rest.Add(next));
    }

    public FramesDecided Flatten() => Join(blocks);

    /// <summary>Equality of the frames, however they are cut into blocks.</summary>
    public bool Equals(DecidedBlocks? other) =>
        other is not null && (ReferenceEquals(blocks, other.blocks) || (FrameCount == other.FrameCount && Flatten().Equals(other.Flatten())));

    public override bool Equals(object? obj) => Equals(obj as DecidedBlocks);

    public override int GetHashCode() => FrameCount;

    private static FramesDecided Join(IReadOnlyCollection<FramesDecided> parts)
    {
        var frames = parts.Sum(part => part.Count);
        var probabilities = ImmutableArray.CreateBuilder<Half>(frames * Expressions.Count);
        var flags = ImmutableArray.CreateBuilder<FrameFlags>(frames);
        foreach (var part in parts)
        {
            probabilities.AddRange(part.Probabilities);
            flags.AddRange(part.Flags);
        }

        return new FramesDecided(parts.FirstOrDefault()?.FirstFrame ?? 0, probabilities.MoveToImmutable(), flags.MoveToImmutable());
    }
}
