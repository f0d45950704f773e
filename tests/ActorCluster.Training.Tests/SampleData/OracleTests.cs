using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Training.SampleData;
using static ActorCluster.Core.Expression;

namespace ActorCluster.Training.Tests.SampleData;

public sealed class OracleTests
{
    [Theory]
    [InlineData(Neutral, Neutral, Neutral)]
    [InlineData(Anger, Anger, Anger)]
    [InlineData(Disgust, Anger, Disgust)] // Looks like the more frequent Anger.
    [InlineData(Fear, Surprise, Anger)]   // Looks like Surprise, sounds like Anger.
    [InlineData(Happiness, Happiness, Happiness)]
    [InlineData(Sadness, Other, Neutral)] // Looks like Other, sounds like Neutral.
    [InlineData(Surprise, Surprise, Happiness)]
    [InlineData(Other, Other, Other)]
    public void Label_StrongEpisode_IsRightWithBothAndTheMoreFrequentOfTheGroupWithOne(Expression expression, Expression fromVideo, Expression fromAudio)
    {
        var plan = Plan(expression);
        Assert.All(Oracle.Label(plan, OracleEvidence.Both), label => Assert.Equal((sbyte)expression, label));
        Assert.All(Oracle.Label(plan, OracleEvidence.Video), label => Assert.Equal((sbyte)fromVideo, label));
        Assert.All(Oracle.Label(plan, OracleEvidence.Audio), label => Assert.Equal((sbyte)fromAudio, label));
    }

    [Fact]
    public void Label_WeakLookOfDisgust_IsToldByTheVoice() =>
        Assert.All(Oracle.Label(Plan(Disgust, look: 0.1), OracleEvidence.Both), label => Assert.Equal((sbyte)Disgust, label));

    [Fact]
    public void Label_ShortAbsence_KeepsTheLookOfTheFramesAround()
    {
        var plan = Plan(Disgust) with { Absences = [new Absence(1, 1.8, AbsenceKind.OutOfFrame)] };
        Assert.All(Oracle.Label(plan, OracleEvidence.Video), label => Assert.Equal((sbyte)Anger, label));
    }

    [Fact]
    public void Label_LongAbsence_IsThePriorAfterHalfASecond()
    {
        var plan = Plan(Disgust) with { Absences = [new Absence(1, 4, AbsenceKind.TurnedAway)] };
        var labels = Oracle.Label(plan, OracleEvidence.Video);
        Assert.Equal((sbyte)Anger, labels[(int)(1.4 * plan.FrameRate)]);
        Assert.Equal((sbyte)Neutral, labels[(int)(2.5 * plan.FrameRate)]);
        Assert.Equal((sbyte)Anger, labels[(int)(3.6 * plan.FrameRate)]);
        Assert.Equal((sbyte)Disgust, Oracle.Label(plan, OracleEvidence.Audio)[(int)(2.5 * plan.FrameRate)]);
    }

    [Fact]
    public void Label_NoSpeech_IsThePriorFromAudioAndTheGroupWithBoth()
    {
        var plan = Plan(Happiness) with { Syllables = [] };
        Assert.All(Oracle.Label(plan, OracleEvidence.Audio), label => Assert.Equal((sbyte)Neutral, label));
        Assert.All(Oracle.Label(plan, OracleEvidence.Both), label => Assert.Equal((sbyte)Happiness, label));
    }

    /// <summary>What the set is for: neither modality suffices, both do.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(77)]
    public void Summarise_Oracles_BothIsFarAboveEither(ulong seed)
    {
        var summary = SampleSet.Summarise(VideoPlanner.Plan(seed, 100), 0);
        Assert.InRange(summary.OracleBoth, 0.84, 0.96);
        Assert.InRange(summary.OracleVideo, 0.46, 0.6);
        Assert.InRange(summary.OracleAudio, 0.43, 0.57);
    }

    private static VideoPlan Plan(Expression expression, double look = 0.9)
    {
        var plan = VideoPlanner.Plan(1, 1)[0];
        var episode = new Episode(expression, 0, double.NegativeInfinity, double.NegativeInfinity, 0.4, look, 0.9, 0);
        ImmutableArray<Syllable> speech = [.. Enumerable.Range(0, 100).Select(i => new Syllable(0.2 * i, 0.18, 0, 1, false, 0.5))];
        return plan with { Episodes = [episode], Absences = [], Syllables = speech };
    }
}
