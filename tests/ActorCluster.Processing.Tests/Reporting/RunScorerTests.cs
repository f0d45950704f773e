using ActorCluster.Core;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Processing.Tests.Reporting;

public sealed class RunScorerTests : IDisposable
{
    private const string Header = "Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-score-");

    [Fact]
    public void Score_NoVideoHasLabels_IsNull() => Assert.Null(RunScorer.Score([Video("a", null)], _ => Predictions(Expression.Anger)));

    [Fact]
    public void Score_LabelledVideos_PoolsTheirFrames()
    {
        var videos = new[] { Video("a", Header + "0\n1\n-1\n"), Video("b", Header + "4\n4\n"), Video("c", null) };

        var score = RunScorer.Score(videos, id => id == "a" ? Predictions(Expression.Neutral, Expression.Neutral, Expression.Fear) : Predictions(Expression.Happiness, Expression.Happiness));

        Assert.NotNull(score);
        Assert.Equal((2, 4L, 0.75), (score.Videos, score.Frames, score.Accuracy));
        Assert.Equal((1L, 1L, 2L), (score.Confusion[0][0], score.Confusion[1][0], score.Confusion[4][4]));

        // Neutral: precision 1/2, recall 1; Happiness is right, the six others are nowhere.
        Assert.Equal(((2.0 / 3) + 1) / 8, score.MacroF1, 12);
        Assert.Empty(score.Notices);
    }

    [Theory]
    [InlineData(Header + "happy\n0\n", "'happy'")]
    [InlineData(Header + "0\n0\n0\n0\n0\n", "2 frames but 5 labels")]
    [InlineData("", "no label")]
    public void Score_BadLabelFile_IsANoticeAndTheOthersAreScored(string labels, string cause)
    {
        var score = RunScorer.Score([Video("bad", labels), Video("good", Header + "0\n0\n")], _ => Predictions(Expression.Neutral, Expression.Neutral));

        Assert.Equal((1, 1.0), (score!.Videos, score.Accuracy));
        var notice = Assert.Single(score.Notices);
        Assert.StartsWith("bad is not scored: ", notice, StringComparison.Ordinal);
        Assert.Contains(cause, notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_LabelFileIsGone_IsANotice()
    {
        var video = Video("a", Header);
        File.Delete(video.Labels!);

        var score = RunScorer.Score([video], _ => Predictions(Expression.Neutral));

        Assert.Equal((0, 0L), (score!.Videos, score.Frames));
        Assert.Contains("a is not scored", Assert.Single(score.Notices), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private FrozenManifest.Line Video(string id, string? labels)
    {
        var path = Path.Combine(_folder.FullName, id + ".txt");
        if (labels is not null)
        {
            File.WriteAllText(path, labels);
        }

        return new FrozenManifest.Line(id, $"/videos/{id}.mp4", null, labels is null ? null : path, 1, 1, 1, true, false);
    }

    private static FramePredictions Predictions(params Expression[] labels) => new(
        [.. labels.Select((_, frame) => frame / 25.0)],
        labels,
        [.. labels.SelectMany(label => Enumerable.Range(0, Expressions.Count).Select(c => c == (int)label ? 1.0 : 0))],
        [.. labels.Select(_ => FrameFlags.Decoded)]);
}
