using System.Text;
using CsCheck;

namespace ActorCluster.Storage.Tests;

public sealed class OutputNamesTests
{
    // Letters, risky characters, unpaired surrogates, and pieces of the encodings themselves.
    private static readonly Gen<string> Pieces = Gen.OneOf(
        "a", "Z", "9", " ", ".", "..", "-", "~", "%", "%2F", "/", "\\", "\n", "\0", "'", "\"", "é", "日", "\U0001F600", "\uD800", "\uDC00", "~0123456789abcdef");

    private static readonly Gen<string> Ids = Gen.OneOf(
        Gen.String[1, 12],
        Pieces.Array[1, 6].Select(string.Concat),
        Pieces.Array[60, 120].Select(string.Concat));

    [Theory]
    [InlineData("clip", "clip")]
    [InlineData("My Talk (2024), take 2 [final]+=@~x", "My Talk (2024), take 2 [final]+=@~x")]
    [InlineData("día-日本語-कि", "día-日本語-कि")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("-rf", "%2Drf")]
    [InlineData("..", "%2E%2E")]
    [InlineData(".", "%2E")]
    [InlineData(" x ", "%20x%20")]
    [InlineData("100%", "100%25")]
    [InlineData("a\nb\"c'", "a%0Ab%22c%27")]
    [InlineData("~home", "%7Ehome")]
    [InlineData("\u202Egnp", "%E2%80%AEgnp")]
    [InlineData("", "%")]
    public void FileStem_Id_IsReadableAndSafe(string id, string stem) => Assert.Equal(stem, OutputNames.FileStem(id));

    [Fact]
    public void FileStem_UnpairedSurrogates_StayApart() =>
        Assert.Equal(3, ((string[])["\uD800", "\uD801", "\uFFFD"]).Select(OutputNames.FileStem).Distinct().Count());

    [Fact]
    public void FileStem_LongIds_AreCutBetweenCharactersAndStayApart()
    {
        var first = OutputNames.FileStem(new string('日', 100) + "1");
        var second = OutputNames.FileStem(new string('日', 100) + "2");

        Assert.NotEqual(first, second);
        Assert.StartsWith(new string('日', 54) + "~", first, StringComparison.Ordinal);
        Assert.Equal((54 * 3) + 17, Encoding.UTF8.GetByteCount(first));
    }

    [Fact]
    public void FileStem_IdThatLooksLikeACutStem_DoesNotCollideWithIt()
    {
        var cut = OutputNames.FileStem(new string('a', 300));

        Assert.NotEqual(cut, OutputNames.FileStem(cut));
        Assert.Equal("clip%7E0123456789abcdef", OutputNames.FileStem("clip~0123456789abcdef"));
    }

    [Fact]
    public void FileStem_AnyId_IsASafeName() => Ids.Sample(id =>
    {
        var stem = OutputNames.FileStem(id);
        Assert.InRange(new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(stem), 1, OutputNames.MaxStemBytes);
        Assert.DoesNotContain(stem, c => c is '/' or '\\' or '"' or '\'' || char.IsControl(c));
        Assert.False(stem[0] is '.' or '-' or ' ' or '~', stem);
        Assert.False(stem[^1] is '.' or ' ', stem);
    });

    [Fact]
    public void FileStem_DifferentIds_HaveDifferentStems() => Gen.Select(Ids, Ids).Sample((first, second) =>
        Assert.Equal(first == second, OutputNames.FileStem(first) == OutputNames.FileStem(second)));
}
