namespace ActorCluster.Processing.Videos;

/// <summary>
/// What one lease covers: usually one chunk. The audio track is a unit of its own; a video that can only be decoded sequentially has all its
/// chunks in one unit; a video of one chunk has chunk and audio in one.
/// </summary>
/// <param name="Index">The unit's 0-based place in the video.</param>
/// <param name="FirstChunk">The first chunk.</param>
/// <param name="ChunkCount">The number of chunks; 0 for audio alone.</param>
/// <param name="Audio">Whether the audio track is part of the unit.</param>
internal sealed record WorkUnit(int Index, int FirstChunk, int ChunkCount, bool Audio)
{
    /// <summary>The units of a video, in the order in which they are asked for.</summary>
    /// <param name="chunks">The number of chunks in the plan, at least 1.</param>
    /// <param name="sequential">Whether the chunks must be decoded in one go.</param>
    public static IReadOnlyList<WorkUnit> Of(int chunks, bool sequential)
    {
        if (chunks == 1)
        {
            return [new WorkUnit(0, 0, 1, Audio: true)];
        }

        var audio = new WorkUnit(0, 0, 0, Audio: true);
        return sequential
            ? [audio, new WorkUnit(1, 0, chunks, Audio: false)]
            : [audio, .. Enumerable.Range(0, chunks).Select(c => new WorkUnit(c + 1, c, 1, Audio: false))];
    }

    /// <summary>What the counts of planned, started and redone chunks count this unit as; the audio pass counts as one chunk.</summary>
    public int Chunks => Math.Max(1, ChunkCount);

    /// <inheritdoc/>
    public override string ToString() => ChunkCount switch
    {
        0 => "audio",
        1 => $"chunk {FirstChunk}",
        _ => $"chunks {FirstChunk}-{FirstChunk + ChunkCount - 1}",
    };
}
