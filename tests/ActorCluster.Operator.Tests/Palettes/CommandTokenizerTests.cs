using ActorCluster.Operator.Palettes;
using CsCheck;

namespace ActorCluster.Operator.Tests.Palettes;

public sealed class CommandTokenizerTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("  run \t list ", new[] { "run", "list" })]
    [InlineData("a \"b c\" 'd e'", new[] { "a", "b c", "d e" })]
    [InlineData("a\\ b c", new[] { "a b", "c" })]
    [InlineData("\"\" ''", new[] { "", "" })]
    [InlineData("it\\'s \"say \\\"x\\\"\" '\\n' \"\\n\"", new[] { "it's", "say \"x\"", "\\n", "\\n" })]
    [InlineData("x\"y z\"w", new[] { "xy zw" })]
    [InlineData("\"it's\" 'a \"b\"'", new[] { "it's", "a \"b\"" })]
    public void Split_Line_IsWords(string line, string[] words) => Assert.Equal(words, CommandTokenizer.Split(line).AsEnumerable());

    [Theory]
    [InlineData("a \"b", "A \" is not closed.")]
    [InlineData("a 'b", "A ' is not closed.")]
    [InlineData("a \\", "There is nothing behind the \\ at the end.")]
    public void Split_Unfinished_IsTold(string line, string problem) => Assert.Equal(problem, Assert.Throws<FormatException>(() => CommandTokenizer.Split(line)).Message);

    [Theory]
    [InlineData("", new[] { "" })]
    [InlineData("ru", new[] { "ru" })]
    [InlineData("run ", new[] { "run", "" })]
    [InlineData("run \"a b", new[] { "run", "a b" })]
    public void SplitUnfinished_Line_EndsWithTheWordUnderTheCursor(string line, string[] words) => Assert.Equal(words, CommandTokenizer.SplitUnfinished(line).AsEnumerable());

    [Fact]
    public void Quote_AnyWords_AreCutToThemselves() =>
        Gen.String[Gen.Char["ab \"'\\\t-"], 0, 12].Array[0, 5].Sample(
            words => Assert.Equal(words, CommandTokenizer.Split(string.Join(' ', words.Select(CommandTokenizer.Quote))).AsEnumerable()));
}
