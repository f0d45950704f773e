using System.Security.Cryptography;
using System.Text;
using ActorCluster.Core.Manifests;
using CsCheck;

namespace ActorCluster.Core.Tests.Manifests;

public class ManifestWriterTests
{
    [Fact]
    public void WriteJsonl_KnownEntries_GivesPinnedBytes()
    {
        var bytes = Write(new VideoEntry("sub/ü\"1\"", "/data/a b\n<ü>.mp4", "/data/crops/a"), new VideoEntry("b", "/data/b.mp4", null, "/data/b.txt"));
        Assert.Equal(
            "{\"id\":\"sub/ü\\\"1\\\"\",\"uri\":\"/data/a b\\n<ü>.mp4\",\"faces\":\"/data/crops/a\"}\n{\"id\":\"b\",\"uri\":\"/data/b.mp4\",\"labels\":\"/data/b.txt\"}\n",
            Encoding.UTF8.GetString(bytes));
        Assert.Equal("757e01011198ac90b710551594d8d7dfaf2d64d27e38a49df3da731b12e0fb38", Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public void WriteJsonl_AnyEntries_AreReadBackTheSame()
    {
        var name = Gen.String[Gen.Char['\u0001', '\uFFFF'].Where(c => c != '/' && !char.IsSurrogate(c)), 1, 40].Where(text => text is not ("." or ".."));
        var path = name.Array[1, 4].Select(parts => "/" + string.Join('/', parts));
        var optional = path.Null();
        var id = Gen.String[Gen.Char[' ', '\uD7FF'].Where(c => !char.IsControl(c)), 1, 60];
        Gen.Select(id, path, optional, optional).Array[0, 20].Select(all => all.DistinctBy(t => t.Item1).ToArray()).Sample(all =>
        {
            VideoEntry[] entries = [.. all.Select(t => new VideoEntry(t.Item1, t.Item2, t.Item3, t.Item4))];
            using var reader = new StreamReader(new MemoryStream(Write(entries)), Encoding.UTF8);
            Assert.Equal(entries, ManifestReader.ReadJsonl(reader, "/elsewhere"));
        });
    }

    [Fact]
    public void WriteJsonl_EntryThatTheReaderWouldRefuseOrChange_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Write(new VideoEntry("", "/a")));
        Assert.Throws<ArgumentException>(() => Write(new VideoEntry("a\n", "/a")));
        Assert.Throws<ArgumentException>(() => Write(new VideoEntry("a", "relative")));
        Assert.Throws<ArgumentException>(() => Write(new VideoEntry("a", "/a/../b")));
        Assert.Throws<ArgumentException>(() => Write(new VideoEntry("a", "/a\0")));
        Assert.Throws<ArgumentException>(() => Write(new VideoEntry("a", "http://a")));
        Assert.Throws<ArgumentException>(() => Write(new VideoEntry("a", "/a", Labels: "b")));
        Assert.Throws<ArgumentException>(() => Write(new VideoEntry("a", "/a"), new VideoEntry("a", "/b")));
    }

    private static byte[] Write(params VideoEntry[] entries)
    {
        using var stream = new MemoryStream();
        ManifestWriter.WriteJsonl(stream, entries);
        return stream.ToArray();
    }
}
