using ActorCluster.Core.Formats;

namespace ActorCluster.Core.Tests.Formats;

public sealed class PredictionRunTests
{
    private static readonly DateTimeOffset Until = new(2026, 11, 26, 14, 0, 5, TimeSpan.Zero);

    [Fact]
    public void NewName_AnyTime_IsARunsNameThatTellsIt()
    {
        var name = PredictionRun.NewName(Until.AddMilliseconds(700));

        Assert.True(RunName.IsValid(name));
        Assert.True(PredictionRun.IsName(name));
        Assert.True(PredictionRun.Reserves(name));
        Assert.Equal(Until, PredictionRun.UntilOf(name));
        Assert.NotEqual(name, PredictionRun.NewName(Until.AddMilliseconds(700)));
    }

    [Theory]
    [InlineData("predict-")]
    [InlineData("predict-mine")]
    [InlineData("predict-000000000000-0123456789abcdef0123456789abcdef-lite-01234567")]
    [InlineData("predict-000000000000-0123456789abcdef0123456789ABCDEF")]
    [InlineData("predict-00000000000x-0123456789abcdef0123456789abcdef")]
    [InlineData("predict-+00000000000-0123456789abcdef0123456789abcdef")]
    [InlineData("predict-000000000000_0123456789abcdef0123456789abcdef")]
    [InlineData("predict-999999999999-0123456789abcdef0123456789abcdef")]
    [InlineData("Predict-000000000000-0123456789abcdef0123456789abcdef")]
    public void IsName_OtherName_IsNone(string name)
    {
        Assert.False(PredictionRun.IsName(name));
        Assert.Equal(name[0] == 'p', PredictionRun.Reserves(name));
    }

    [Fact]
    public void Derive_FolderCalledLikeAPrediction_IsNone() =>
        Assert.False(PredictionRun.IsName(RunName.Derive(["/videos/" + PredictionRun.NewName(Until)], "lite", "hash").Value));
}
