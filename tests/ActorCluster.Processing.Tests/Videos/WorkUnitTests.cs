using ActorCluster.Processing.Videos;
using CsCheck;

namespace ActorCluster.Processing.Tests.Videos;

public sealed class WorkUnitTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_OneChunk_IsOneUnitOfChunkAndAudio(bool sequential) => Assert.Equal([new WorkUnit(0, 0, 1, Audio: true)], WorkUnit.Of(1, sequential));

    [Fact]
    public void Of_SeekableVideo_IsAudioAndEachChunk() => Assert.Equal(
        [new WorkUnit(0, 0, 0, Audio: true), new WorkUnit(1, 0, 1, Audio: false), new WorkUnit(2, 1, 1, Audio: false)], WorkUnit.Of(2, sequential: false));

    [Fact]
    public void Of_SequentialVideo_IsAudioAndAllChunksInOne()
    {
        var units = WorkUnit.Of(4, sequential: true);
        Assert.Equal([new WorkUnit(0, 0, 0, Audio: true), new WorkUnit(1, 0, 4, Audio: false)], units);
        Assert.Equal(["audio", "chunks 0-3"], units.Select(u => u.ToString()));
    }

    [Fact]
    public void Of_AnyVideo_CoversEveryChunkAndTheAudioOnce() => Gen.Select(Gen.Int[1, 500], Gen.Bool).Sample((chunks, sequential) =>
    {
        var units = WorkUnit.Of(chunks, sequential);
        Assert.Equal(Enumerable.Range(0, chunks), units.SelectMany(u => Enumerable.Range(u.FirstChunk, u.ChunkCount)));
        Assert.Single(units, u => u.Audio);
        Assert.Equal(Enumerable.Range(0, units.Count), units.Select(u => u.Index));
        Assert.Equal(chunks == 1 ? 1 : chunks + 1, units.Sum(u => u.Chunks));
    });
}
