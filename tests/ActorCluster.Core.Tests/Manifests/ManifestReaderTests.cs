using ActorCluster.Core.Manifests;
using CsCheck;

namespace ActorCluster.Core.Tests.Manifests;

public class ManifestReaderTests
{
    private const string Base = "/data/set";

    [Fact]
    public void ReadCsv_PlainManifest_ResolvesPaths()
    {
        Assert.Equal(
            [
                new VideoEntry("a", "/data/set/videos/a.mp4", "/data/set/crops/a", "/labels/a.txt"),
                new VideoEntry("b", "/other/b.mp4"),
                new VideoEntry("ü 1", "/data/up.mp4", null, "/data/set/c.txt"),
            ],
            Csv("id,uri,faces,labels\na,videos/a.mp4,crops/a,/labels/a.txt\nb,/other/b.mp4,,\nü 1,../up.mp4,,./c.txt\n"));
    }

    [Theory]
    [InlineData("id,uri\na,b.mp4")]
    [InlineData("id,uri\r\na,b.mp4\r\n")]
    [InlineData("id,uri\ra,b.mp4\r")]
    [InlineData("\uFEFFid,uri\n\n\r\na,b.mp4\n\n")]
    [InlineData("uri,id\nb.mp4,a\n")]
    [InlineData("\"id\",\"uri\"\n\"a\",\"b.mp4\"\n")]
    [InlineData("id,uri,labels\na,b.mp4,\"\"\n")]
    public void ReadCsv_OtherWritings_AreTheSame(string text)
    {
        Assert.Equal([new VideoEntry("a", "/data/set/b.mp4")], Csv(text));
    }

    [Fact]
    public void ReadCsv_QuotedField_HoldsCommasQuotesAndLineBreaks()
    {
        Assert.Equal(
            [new VideoEntry("x,\"y\"", "/data/set/line\nbreak\r\n,\"q\" .mp4"), new VideoEntry("z", "/data/set/z")],
            Csv("id,uri\n\"x,\"\"y\"\"\",\"line\nbreak\r\n,\"\"q\"\" .mp4\"\nz,z"));
    }

    [Theory]
    [InlineData("", 1, "the manifest is empty; the first line must name the columns id,uri")]
    [InlineData("a,b.mp4\n", 1, "the column \"a\" is not known; the first line")]
    [InlineData("id,uri,notes\na,b,c\n", 1, "the column \"notes\" is not known; the first line")]
    [InlineData("ID,uri\n", 1, "the column \"ID\" is not known")]
    [InlineData("id\na\n", 1, "the columns id and uri are both needed")]
    [InlineData("id,uri,id\na,b,c\n", 1, "a column is named twice")]
    [InlineData("id,uri\na\n", 2, "it has 1 fields, but the header has 2; quote fields that hold a comma.")]
    [InlineData("id,uri\na,b,c.mp4\n", 2, "it has 3 fields, but the header has 2; quote fields that hold a comma.")]
    [InlineData("id,uri\n,b.mp4\n", 2, "id has 0 characters; 1 to 512 are allowed.")]
    [InlineData("id,uri\na,\n", 2, "uri is empty; it must be the path of a local file.")]
    [InlineData("id,uri\na,b\nc,d\na,e\n", 4, "id \"a\" is that of line 2 already; ids are unique.")]
    [InlineData("id,uri\n\"a\nb\",c\n", 2, "id holds a control character.")]
    [InlineData("id,uri\na\u0085,c\n", 2, "id holds a control character.")]
    [InlineData("id,uri\na,b\0c\n", 2, "uri holds a NUL character, which no file name can.")]
    [InlineData("id,uri\na,b\"c\"\n", 2, "a quote stands inside a field that does not begin with one")]
    [InlineData("id,uri\na,\"b\"c\n", 2, "text follows a closing quote")]
    [InlineData("id,uri\n\na,\"b\nc\nd", 3, "a field that begins with a quote is never closed.")]
    [InlineData("id,uri\n\"1\n2\n\",x\n\"3\n", 2, "id holds a control character.")]
    public void ReadCsv_SomethingWrong_IsNamedByLine(string text, int line, string expected)
    {
        var problem = Assert.Throws<ManifestFormatException>(() => Csv(text)).Problems[0];
        Assert.Equal(line, problem.Line);
        Assert.StartsWith(expected, problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://host/a.mp4", "http")]
    [InlineData("concat:a.mp4|b.mp4", "concat")]
    [InlineData("subfile,,start,0,end,0,,:x", null)]
    [InlineData("s3://bucket/a.mp4", "s3")]
    [InlineData("data:video/mp4;base64,AAAA", "data")]
    [InlineData("talk:1.mp4", "talk")]
    public void ReadJsonl_SchemeOtherThanFile_IsRefused(string uri, string? scheme)
    {
        if (scheme is null)
        {
            // Not a scheme by its characters: as a full path it can only mean the file of this name.
            Assert.Equal("/data/set/" + uri, Assert.Single(Jsonl($"{{\"id\":\"a\",\"uri\":\"{uri}\"}}")).Uri);
            return;
        }

        var e = Assert.Throws<ManifestFormatException>(() => Jsonl($"{{\"id\":\"a\",\"uri\":\"{uri}\"}}"));
        Assert.StartsWith($"uri has the scheme {scheme}: but only local files can be read", e.Problems[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///videos/a%20b.mp4", "/videos/a b.mp4")]
    [InlineData("FILE://localhost/videos/%C3%BC.mp4", "/videos/ü.mp4")]
    [InlineData("file:/videos/../a.mp4", "/a.mp4")]
    [InlineData("./talk:1.mp4", "/data/set/talk:1.mp4")]
    [InlineData("12:30.mp4", "/data/set/12:30.mp4")]
    [InlineData("-i.mp4", "/data/set/-i.mp4")]
    [InlineData(" a .mp4 ", "/data/set/ a .mp4 ")]
    [InlineData("a%20b.mp4", "/data/set/a%20b.mp4")]
    public void ReadJsonl_LocalFile_IsResolved(string uri, string expected)
    {
        Assert.Equal(expected, Assert.Single(Jsonl($"{{\"id\":\"a\",\"uri\":\"{uri}\"}}")).Uri);
    }

    [Theory]
    [InlineData("file://host/share/a.mp4")]
    [InlineData("file:a.mp4")]
    [InlineData("file://")]
    public void ReadJsonl_FileUriOfNoLocalFile_IsRefused(string uri)
    {
        var e = Assert.Throws<ManifestFormatException>(() => Jsonl($"{{\"id\":\"a\",\"uri\":\"{uri}\"}}"));
        Assert.StartsWith("uri is a file: URI that does not name a file of this machine", e.Problems[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\":\"a\"", "it is not JSON (byte ")]
    [InlineData("a,b", "it is not JSON (byte ")]
    [InlineData("{\"id\":\"a\",\"uri\":\"b\"} {}", "it is not JSON (byte ")]
    [InlineData("[]", "it is not a JSON object {…}.")]
    [InlineData("null", "it is not a JSON object {…}.")]
    [InlineData("{\"id\":\"a\"}", "uri is empty")]
    [InlineData("{\"uri\":\"a\"}", "id has 0 characters")]
    [InlineData("{\"id\":1,\"uri\":\"b\"}", "id is not a text.")]
    [InlineData("{\"id\":null,\"uri\":\"b\"}", "id is not a text.")]
    [InlineData("{\"id\":\"a\",\"uri\":\"b\",\"faces\":[]}", "faces is not a text.")]
    [InlineData("{\"id\":\"a\",\"uri\":\"b\",\"id\":\"c\"}", "the key \"id\" is given twice.")]
    [InlineData("{\"id\":\"a\",\"uri\":\"b\",\"fps\":\"c\"}", "the key \"fps\" is not known; id, uri, faces and labels are.")]
    [InlineData("{\"id\":\"a\\ud800\",\"uri\":\"b\"}", "it holds a text that is not valid Unicode.")]
    [InlineData("{\"id\":\"a\\u0007\",\"uri\":\"b\"}", "id holds a control character.")]
    public void ReadJsonl_SomethingWrong_IsNamedByLine(string line, string expected)
    {
        var problem = Assert.Single(Assert.Throws<ManifestFormatException>(() => Jsonl("{\"id\":\"ok\",\"uri\":\"x\"}\n\n" + line + "\n")).Problems);
        Assert.Equal(3, problem.Line);
        Assert.StartsWith(expected, problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadCsv_LoneSurrogates_AreRefused()
    {
        var problems = Assert.Throws<ManifestFormatException>(() => Csv("id,uri\n\ud800,\udc00\n")).Problems;
        Assert.Equal(["id is not valid Unicode.", "uri is not valid Unicode."], problems.Select(problem => problem.Text));
    }

    [Fact]
    public void Read_ManyProblems_ListsTwentyAndCountsTheRest()
    {
        var text = "id,uri\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"a{i},http://x\n"));
        var e = Assert.Throws<ManifestFormatException>(() => Csv(text));
        Assert.Equal(20, e.Problems.Length);
        Assert.Equal(50, e.Total);
        Assert.EndsWith("\n  and 30 more", e.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(2, 20), e.Problems.Select(problem => problem.Line));
    }

    [Fact]
    public void Read_OverLongFields_AreRefused()
    {
        Assert.Single(Csv($"id,uri\n{new string('a', 512)},b\n"));
        Assert.Throws<ManifestFormatException>(() => Csv($"id,uri\n{new string('a', 513)},b\n"));
        Assert.Throws<ManifestFormatException>(() => Csv($"id,uri\na,{new string('b', 4097)}\n"));
        Assert.Throws<ManifestFormatException>(() => Csv($"id,uri\na,{new string('b', 4090)}\n"));
    }

    [Fact]
    public void Read_EndlessLine_IsRefusedWithoutBufferingIt()
    {
        foreach (var start in new[] { "id,uri\na,", "id,uri\na,\"", "id,uri\n\"\n\n", "" })
        {
            using var csv = new EndlessReader(start, 'x');
            Assert.Throws<ManifestFormatException>(() => ManifestReader.ReadCsv(csv, Base));
            using var commas = new EndlessReader(start, ',');
            Assert.Throws<ManifestFormatException>(() => ManifestReader.ReadCsv(commas, Base));
            using var jsonl = new EndlessReader("{\"id\":\"", 'x');
            Assert.Throws<ManifestFormatException>(() => ManifestReader.ReadJsonl(jsonl, Base));
        }
    }

    [Fact]
    public void Read_MoreThanAMillionEntries_IsRefused()
    {
        using var reader = new NumberedLines(ManifestReader.MostEntries + 1);
        var problem = Assert.Single(Assert.Throws<ManifestFormatException>(() => ManifestReader.ReadCsv(reader, Base)).Problems);
        Assert.Equal(ManifestReader.MostEntries + 2, problem.Line);
        Assert.StartsWith("the manifest has more than 1000000 entries", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyText_GivesEntriesOrAFormatException()
    {
        var piece = Gen.OneOf(
            Gen.String[0, 8],
            Gen.Int[0, 11].Select(i => new[] { "id,uri\n", ",", "\"", "\n", "\r", "\r\n", "a", "b.mp4", "{\"id\":\"", "\",\"uri\":\"", "\"}", "\0" }[i]));
        piece.Array[0, 20].Sample(
            pieces =>
            {
                foreach (var read in new Func<string, IReadOnlyList<VideoEntry>>[] { Csv, Jsonl, text => Csv("id,uri\n" + text) })
                {
                    try
                    {
                        Assert.All(read(string.Concat(pieces)), entry => Assert.True(Path.IsPathFullyQualified(entry.Uri)));
                    }
                    catch (ManifestFormatException e)
                    {
                        Assert.InRange(e.Problems.Length, 1, 20);
                    }
                }
            },
            iter: 2000);
    }

    private static IReadOnlyList<VideoEntry> Csv(string text) => ManifestReader.ReadCsv(new StringReader(text), Base);

    private static IReadOnlyList<VideoEntry> Jsonl(string text) => ManifestReader.ReadJsonl(new StringReader(text), Base);

    private sealed class EndlessReader(string start, char then) : TextReader
    {
        private int at;

        public override int Read(char[] buffer, int index, int count)
        {
            for (var i = 0; i < count; i++, at++)
            {
                buffer[index + i] = at < start.Length ? start[at] : then;
            }

            Assert.InRange(at, 0, 1 << 20);
            return count;
        }
    }

    private sealed class NumberedLines(int entries) : TextReader
    {
        private string line = "id,uri\n";
        private int at;
        private int next;

        public override int Read(char[] buffer, int index, int count)
        {
            var read = 0;
            while (read < count && (at < line.Length || next < entries))
            {
                if (at == line.Length)
                {
                    (line, at) = ($"{next},v/{next}.mp4\n", 0);
                    next++;
                }

                buffer[index + read++] = line[at++];
            }

            return read;
        }
    }
}
