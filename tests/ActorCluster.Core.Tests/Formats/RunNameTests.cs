using ActorCluster.Core.Formats;
using CsCheck;

namespace ActorCluster.Core.Tests.Formats;

public class RunNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("2026-11.set_B")]
    [InlineData("_x")]
    public void Constructor_Name_IsTaken(string text)
    {
        Assert.Equal(text, new RunName(text).ToString());
        Assert.Equal(new RunName(text), new RunName(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("-option")]
    [InlineData("catalog")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("ü")]
    [InlineData("a\n")]
    public void Constructor_NotAName_IsRefused(string text)
    {
        Assert.False(RunName.IsValid(text));
        Assert.Throws<ArgumentException>(() => new RunName(text));
        Assert.False(RunName.IsValid(null));
        Assert.False(RunName.IsValid(new string('a', 101)));
    }

    [Theory]
    [InlineData("/data/my videos!/", "my-videos")]
    [InlineData("/data/.hidden", "hidden")]
    [InlineData("/data/clip.mp4", "clip.mp4")]
    [InlineData("/", "run")]
    [InlineData("/data/ビデオ", "run")]
    [InlineData("/data/a (1) b", "a-1-b")]
    public void Derive_FirstInput_GivesTheNamesBeginning(string input, string stem)
    {
        Assert.Matches($"^{stem.Replace(".", "\\.", StringComparison.Ordinal)}-lite-[0-9a-f]{{8}}$", RunName.Derive([input], "lite", "hash").Value);
    }

    [Fact]
    public void Derive_SameCommand_GivesTheSameNameAndAnyOtherAnother()
    {
        // SHA-256 of "/data/a", NUL, "h".
        Assert.Equal("a-lite-41525fd9", RunName.Derive(["/data/a"], "lite", "h").Value);
        Assert.Distinct(
        [
            RunName.Derive(["/data/a"], "lite", "h"),
            RunName.Derive(["/data/a"], "lite", "i"),
            RunName.Derive(["/other/a"], "lite", "h"),
            RunName.Derive(["/data/a", "/data/b"], "lite", "h"),
            RunName.Derive(["/data/a", "/data/c"], "lite", "h"),
        ]);
    }

    [Fact]
    public void Derive_NothingOrTooLongPipeline_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => RunName.Derive([], "lite", "h"));
        Assert.Throws<ArgumentException>(() => RunName.Derive(["/a"], new string('p', 100), "h"));
    }

    [Fact]
    public void Derive_AnyPath_GivesAName()
    {
        Gen.Select(Gen.String[0, 300], Gen.Int[1, 40]).Sample((text, length) =>
            Assert.InRange(RunName.Derive(["/" + text], new string('p', length), "h").Value.Length, 1, RunName.Longest));
    }
}
