using ActorCluster.Core.Scoring;
using static ActorCluster.Core.Expression;

namespace ActorCluster.Core.Tests.Scoring;

public sealed class RunAgreementTests
{
    [Fact]
    public void Add_Nothing_HasNoFrames()
    {
        var agreement = new RunAgreement();

        Assert.Equal((0, 0.0, 0), (agreement.Matrix.Frames, agreement.Agreement, agreement.Videos.Count));
    }

    [Fact]
    public void Add_SomeVideos_CountsFramesAndPutsTheMostDifferentFirst()
    {
        var agreement = new RunAgreement();

        agreement.Add("same", [Fear, Fear], [Fear, Fear], []);
        agreement.Add("b", [Fear, Anger], [Fear, Fear], []);
        agreement.Add("a", [Anger, Fear], [Anger, Sadness], []);
        agreement.Add("long", [Anger, Anger, Other, Other], [Anger, Anger, Sadness, Sadness], []);
        agreement.Add("none", [], [], []);

        Assert.Equal(["none", "long", "a", "b", "same"], agreement.Videos.Select(v => v.Video));
        Assert.Equal((10, 6 / 10.0), (agreement.Matrix.Frames, agreement.Agreement));
        Assert.Equal((2, 1, 1, 3), (agreement.Matrix[Other, Sadness], agreement.Matrix[Fear, Sadness], agreement.Matrix[Anger, Fear], agreement.Matrix[Anger, Anger]));
        Assert.Equal((Anger, Anger), (agreement.Videos[1].A, agreement.Videos[1].B)); // Of two that are as frequent, the first.
        Assert.Equal((0, null), (agreement.LabelsByA.Frames, agreement.Videos[1].F1OfA));
    }

    [Fact]
    public void Add_WithLabels_ScoresBothOnTheSameFrames()
    {
        var agreement = new RunAgreement();

        agreement.Add("known", [Fear, Anger, Other], [Anger, Anger, Other], [(sbyte)Fear, (sbyte)Anger, -1]);
        agreement.Add("unknown", [Fear], [Fear], [-1]);

        Assert.Equal((2, 2), (agreement.LabelsByA.Frames, agreement.LabelsByB.Frames));
        Assert.Equal((2 / 8.0, 2.0 / 3 / 8), (agreement.Videos[0].F1OfA, agreement.Videos[0].F1OfB));
        Assert.Null(agreement.Videos[1].F1OfA);
    }

    [Fact]
    public void Add_DifferentLengths_IsRefusedAndChangesNothing()
    {
        var agreement = new RunAgreement();

        Assert.Throws<ArgumentException>(() => agreement.Add("v", [Fear], [Fear, Fear], []));

        Assert.Equal((0, 0), (agreement.Matrix.Frames, agreement.Videos.Count));
    }
}
