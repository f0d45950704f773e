using ActorCluster.Core.Manifests;
using CsCheck;

namespace ActorCluster.Core.Tests.Manifests;

public class VideoIdsTests
{
    [Theory]
    [InlineData("a.mp4", "a")]
    [InlineData("sub/a.mp4", "sub/a")]
    [InlineData("sub.d/a", "sub.d/a")]
    [InlineData("sub/a.tar.mp4", "sub/a.tar")]
    [InlineData("sub/.mp4", "sub/.mp4")]
    [InlineData("line\nbreak\u0085.mp4", "line%0Abreak%C2%85")]
    public void ForFile_NothingTaken_IsThePathWithoutExtension(string path, string expected)
    {
        Assert.Equal(expected, VideoIds.ForFile(path, _ => false));
    }

    [Fact]
    public void ForFile_LoneSurrogate_IsReplaced()
    {
        Assert.Equal("lone\uFFFD", VideoIds.ForFile("lone\ud800.mp4", _ => false));
    }

    [Fact]
    public void ForFile_TakenNames_AreAvoidedInOrder()
    {
        HashSet<string> taken = [];
        foreach (var expected in new[] { "sub/a", "sub/a.mp4", "sub/a.mp4~2", "sub/a.mp4~3" })
        {
            var id = VideoIds.ForFile("sub/a.mp4", taken.Contains);
            Assert.Equal(expected, id);
            taken.Add(id);
        }
    }

    [Fact]
    public void ForFile_AnyFiles_GetDistinctIdsThatManifestsAccept()
    {
        var path = Gen.OneOf(Gen.String[1, 30], Gen.String[490, 530], Gen.Int[0, 3].Select(i => new string('x', 600) + i + ".mp4"));
        path.Array[1, 30].Sample(paths =>
        {
            HashSet<string> taken = [];
            foreach (var id in paths.Select(p => VideoIds.ForFile(p, taken.Contains)))
            {
                Assert.True(taken.Add(id));
                Assert.Null(ManifestEntries.CheckId(id));
            }
        });
    }
}
