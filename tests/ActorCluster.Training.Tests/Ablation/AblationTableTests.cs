using System.Collections.Immutable;
using ActorCluster.Core.Scoring;
using ActorCluster.Training.Ablation;

namespace ActorCluster.Training.Tests.Ablation;

public sealed class AblationTableTests
{
    private static readonly ImmutableArray<AblationCell> Cells =
        [new("first", SyntheticVideos.Config, new PublishedScore(0.5, 0.25)), new("second, with comma", SyntheticVideos.Config, null)];

    [Fact]
    public void Of_KnownAnswers_HasMeansDeviationsAndDifference()
    {
        var table = Table([AblationSamples.Result((6, 4), (8, 2)), AblationSamples.Result((10, 0), (9, 1)), AblationSamples.Result((8, 2), (8, 2)), AblationSamples.Result((10, 0), (10, 0))]);
        var (first, second) = (table.Rows[0].Conditions[0], table.Rows[1].Conditions[0]);
        Assert.Equal([0.7, 0.8], first.Accuracy.Select(a => Math.Round(a!.Value, 12)));
        Assert.Equal(0.75, CellCondition.Mean(first.Accuracy)!.Value, 12);
        Assert.Equal(Math.Sqrt(0.005), CellCondition.Deviation(first.Accuracy)!.Value, 12);
        Assert.Null(first.Difference);
        Assert.Equal(0.975 - 0.75, second.Difference!.Accuracy.Estimate, 12);

        // One class of eight: F1 = 2 r / (2 r + w) / 8.
        Assert.Equal(2 * 14.0 / ((2 * 14) + 6) / 8, first.MacroF1[0]!.Value, 12);
    }

    [Fact]
    public void Of_Difference_PoolsSeedsAndDrawsVideosTogether()
    {
        (int, int)[] a1 = [(6, 4), (2, 8), (9, 1)], a2 = [(7, 3), (1, 9), (9, 1)], b1 = [(7, 3), (3, 7), (10, 0)], b2 = [(8, 2), (2, 8), (10, 0)];
        var table = Table([AblationSamples.Result(a1), AblationSamples.Result(b1), AblationSamples.Result(a2), AblationSamples.Result(b2)]);
        var pooled = VideoBootstrap.Difference(Matrices([(13, 7), (3, 17), (18, 2)]), Matrices([(15, 5), (5, 15), (20, 0)]));
        Assert.Equal(pooled, table.Rows[1].Conditions[0].Difference);

        // Every video is better by the same, so every draw says so.
        Assert.Equal(0.1, pooled.Accuracy.Low, 12);
    }

    [Fact]
    public void Of_SeedDivergedOrMissing_IsLeftOutOfBothSidesAndSaid()
    {
        var diverged = new TrialResult("id", 2, null, 3, [], []);
        var table = Table([AblationSamples.Result((6, 4)), diverged, AblationSamples.Result((1, 9)), AblationSamples.Result((3, 7))]);
        var second = table.Rows[1];
        Assert.Equal((1, "seed 1 diverged in epoch 3"), (second.Trained, second.Remark(table.Seeds)));
        Assert.Equal(0.3, CellCondition.Mean(second.Conditions[0].Accuracy)!.Value, 12);
        Assert.Null(CellCondition.Deviation(second.Conditions[0].Accuracy));
        Assert.Equal(0.3 - 0.1, second.Conditions[0].Difference!.Accuracy.Estimate, 12);
        Assert.Equal("seed 1 not done; seed 2 not done", Table([AblationSamples.Result((6, 4)), null, AblationSamples.Result((1, 9)), null]).Rows[1].Remark(table.Seeds));
        Assert.Null(Table([diverged, null, null, AblationSamples.Result((3, 7))]).Rows[1].Conditions[0].Difference);
    }

    [Fact]
    public void Write_Table_HasPublishedValuesInTheirOwnColumnsAndIsSelfContained()
    {
        using var folder = new TempFolder();
        var table = Table([AblationSamples.Result((6, 4)), AblationSamples.Result((8, 2)), AblationSamples.Result((1, 9)), null]);
        AblationReport.Write(folder.Path, "a < b", table);
        var csv = File.ReadAllLines(folder.File("ablation.csv"));
        Assert.Equal(1 + (2 * 2), csv.Length);
        Assert.StartsWith("first,video and audio,0.500000,0.250000,2,0.350000,", csv[1], StringComparison.Ordinal);
        Assert.StartsWith("\"second, with comma\",video and audio,,,1,0.800000,,", csv[3], StringComparison.Ordinal);
        Assert.All(csv[1..], line => Assert.Equal(csv[0].Split(',').Length, line.Replace("second, with", "", StringComparison.Ordinal).Split(',').Length));
        var markdown = File.ReadAllText(folder.File("ablation.md"));
        Assert.Contains("| Cell | Published accuracy | Published macro F1 | Accuracy |", markdown, StringComparison.Ordinal);
        Assert.Contains("| first | 0.5000 | 0.2500 | 0.3500 ± 0.3536 |", markdown, StringComparison.Ordinal);
        Assert.Contains("one run per cell", markdown, StringComparison.Ordinal);
        var html = File.ReadAllText(AblationReport.PageIn(folder.Path));
        Assert.Contains("a &lt; b", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("(src|href)=|url\\(|https?://", html);
    }

    [Fact]
    public void Write_NothingDoneYet_IsATable()
    {
        using var folder = new TempFolder();
        AblationReport.Write(folder.Path, "new", Table([null, null, null, null]));
        Assert.Contains("0 of 4 trials have ended", File.ReadAllText(AblationReport.PageIn(folder.Path)), StringComparison.Ordinal);
    }

    private static List<ConfusionMatrix> Matrices((int Right, int Wrong)[] videos) => [.. AblationSamples.Result(videos).Scores[0].Videos];

    private static AblationTable Table(ImmutableArray<TrialResult?> results) => AblationTable.Of(new AblationPlan(Cells, [1, 2], AblationSamples.Scoring, [], ""), results);
}
