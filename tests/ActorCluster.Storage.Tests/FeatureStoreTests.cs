using ActorCluster.Core;
using CsCheck;

namespace ActorCluster.Storage.Tests;

public sealed class FeatureStoreTests : IDisposable
{
    private static readonly string Encoder = new('e', 64);
    private static readonly string Video = new('1', 64);
    private readonly TempFolder folder = new();
    private readonly FeatureStore store;

    public FeatureStoreTests() => store = new FeatureStore(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WriteChunk_AnyContent_ReadsBackBitForBit() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 4], Gen.Int[0, 8], Gen.Byte.Array[512]).Sample(
            (n, width, logits, noise) =>
            {
                using var own = new TempFolder();
                var chunk = new VisualChunk(
                    [.. Enumerable.Range(0, n).Select(i => (long)noise[i] << 40)],
                    [.. Enumerable.Range(0, n).Select(i => (FrameFlags)(noise[i + 20] % 4))],
                    Halves(n * width, noise),
                    width,
                    Halves(n * logits, noise),
                    logits,
                    [.. Enumerable.Range(0, 4 * n).Select(i => noise[i] == 0 ? float.NaN : noise[i] * 1.5f)]);
                var ownStore = new FeatureStore(own.Path);

                ownStore.WriteChunk(Encoder, Video, 7, chunk);
                var read = ownStore.ReadChunk(Encoder, Video, 7);

                Assert.Equal([$"{Encoder}/{Video}/000007.safetensors"], own.Files());
                Assert.Equal(chunk.Pts, read.Pts);
                Assert.Equal(chunk.Flags, read.Flags);
                Assert.Equal(chunk.Features.Select(BitConverter.HalfToInt16Bits), read.Features.Select(BitConverter.HalfToInt16Bits));
                Assert.Equal(chunk.Logits.Select(BitConverter.HalfToInt16Bits), read.Logits.Select(BitConverter.HalfToInt16Bits));
                Assert.Equal(chunk.Boxes, read.Boxes);
                Assert.Equal((width, logits), (read.FeatureWidth, read.LogitWidth));
            },
            iter: 50);

    [Fact]
    public void WriteAudio_LevelsAndNoTrack_ReadBack()
    {
        Assert.False(store.HasAudio(Encoder, Video));
        store.WriteAudio(Encoder, Video, new AudioLevels([0f, 0.5f, 1f], HasTrack: true));
        Assert.True(store.HasAudio(Encoder, Video));
        Assert.Equal([0f, 0.5f, 1f], store.ReadAudio(Encoder, Video).Rms);
        Assert.True(store.ReadAudio(Encoder, Video).HasTrack);

        store.WriteAudio(Encoder, Video, new AudioLevels([], HasTrack: false));
        Assert.False(store.ReadAudio(Encoder, Video).HasTrack);
        Assert.Empty(store.ReadAudio(Encoder, Video).Rms);
    }

    [Fact]
    public void HasChunk_StoredOrNot_Tells()
    {
        Write(Encoder, Video, 3);
        Assert.True(store.HasChunk(Encoder, Video, 3));
        Assert.False(store.HasChunk(Encoder, Video, 4));
    }

    [Fact]
    public void WriteChunk_Twice_GivesTheSameBytes()
    {
        Write(Encoder, Video, 0);
        var first = File.ReadAllBytes(ChunkFile(0));
        Write(Encoder, Video, 0);
        Assert.Equal(first, File.ReadAllBytes(ChunkFile(0)));
    }

    [Fact]
    public void ReadChunk_EveryByteFlipped_IsTheFilesFaultOrANumber()
    {
        Write(Encoder, Video, 0);
        var bytes = File.ReadAllBytes(ChunkFile(0));
        var rejected = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x15;
            File.WriteAllBytes(ChunkFile(0), bytes);
            bytes[at] ^= 0x15;
            try
            {
                store.ReadChunk(Encoder, Video, 0);
            }
            catch (FeatureFileException e)
            {
                Assert.Equal(ChunkFile(0), e.Path);
                rejected++;
            }
        }

        Assert.InRange(rejected, 500, bytes.Length);
    }

    [Fact]
    public void ReadChunk_MissingCutOrAnothersFile_IsTheFilesFault()
    {
        Assert.Contains("does not exist", Assert.Throws<FeatureFileException>(() => store.ReadChunk(Encoder, Video, 0)).Message, StringComparison.Ordinal);

        Write(Encoder, Video, 0);
        File.Copy(ChunkFile(0), ChunkFile(1));
        Assert.Contains("chunk '0' where '1'", Assert.Throws<FeatureFileException>(() => store.ReadChunk(Encoder, Video, 1)).Message, StringComparison.Ordinal);

        File.WriteAllBytes(ChunkFile(0), File.ReadAllBytes(ChunkFile(0))[..^1]);
        Assert.Throws<FeatureFileException>(() => store.ReadChunk(Encoder, Video, 0));
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("")]
    [InlineData("EEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEE")]
    public void HasChunk_NotAHash_IsRefused(string hash)
    {
        Assert.Throws<ArgumentException>(() => store.HasChunk(hash, Video, 0));
        Assert.Throws<ArgumentException>(() => store.HasAudio(Encoder, hash));
    }

    [Fact]
    public void VisualChunk_ColumnsThatDisagree_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new VisualChunk([1, 2], [0, 0], new Half[3], 2, [], 0, new float[8]));
        Assert.Throws<ArgumentException>(() => new VisualChunk([1], [FrameFlags.Imputed], [], 0, [], 0, new float[4]));
    }

    [Fact]
    public void Prune_Budget_RemovesLeastRecentlyWrittenVideosWhole()
    {
        string[] videos = [new('1', 64), new('2', 64), new('3', 64)];
        var written = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        int[] order = [2, 0, 1];
        for (var v = 0; v < 3; v++)
        {
            for (var chunk = 0; chunk < 2; chunk++)
            {
                Write(Encoder, videos[v], chunk);
                File.SetLastWriteTimeUtc(ChunkFile(chunk, videos[v]), written.AddHours(order[v]));
            }
        }

        folder.Touch("not-a-hash", "x");
        var list = store.List();
        Assert.Equal(videos, list.Select(u => u.VideoHash));
        Assert.All(list, usage => Assert.Equal(2, usage.Files));
        Assert.Equal(written.AddHours(2), list[0].LastWritten.UtcDateTime);
        var each = list[0].Bytes;
        Assert.Equal(2 * new FileInfo(ChunkFile(0)).Length, each);

        Assert.Empty(store.Prune(3 * each).Removed);
        var pruning = store.Prune((2 * each) - 1);

        Assert.Equal([videos[1], videos[2]], pruning.Removed.Select(u => u.VideoHash));
        Assert.Equal((2 * each, each), (pruning.FreedBytes, pruning.RemainingBytes));
        Assert.Equal([videos[0]], store.List().Select(u => u.VideoHash));
        Assert.True(File.Exists(folder["not-a-hash", "x"]));
    }

    private static Half[] Halves(int count, byte[] noise) =>
        [.. Enumerable.Range(0, count).Select(i => BitConverter.Int16BitsToHalf((short)((noise[2 * i] << 8) | noise[(2 * i) + 1])))];

    private void Write(string encoder, string video, int chunk) => store.WriteChunk(
        encoder, video, chunk, new VisualChunk([0, 512], [FrameFlags.Decoded, FrameFlags.Decoded | FrameFlags.FacePresent], new Half[8], 4, new Half[14], 7, new float[8]));

    private string ChunkFile(int chunk, string? video = null) => folder[Encoder, video ?? Video, $"{chunk:D6}.safetensors"];
}
