using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Scoring;
using ActorCluster.Training.Evaluation;
using CsCheck;

namespace ActorCluster.Training.Tests.Evaluation;

public sealed class LogitBiasTests
{
    private static readonly Gen<(float[] Values, sbyte[] Labels)> Frames =
        Gen.Int[1, 30].SelectMany(n => Gen.Select(Gen.Float[-6, 0].Array[n * Expressions.Count], Gen.SByte[0, 7].Array[n]));

    [Fact]
    public void Fit_AnyVideo_CannotBeBetteredInOneClass()
    {
        Frames.Sample(f =>
        {
            var video = new LogProbabilities("v", f.Values, f.Labels);
            var bias = LogitBias.Fit([video]);
            var reached = MacroF1(video, bias);
            Assert.True(reached >= MacroF1(video, new double[Expressions.Count].ToImmutableArray()));
            for (var k = 0; k < Expressions.Count; k++)
            {
                for (var point = -40; point <= 40; point++)
                {
                    Assert.True(MacroF1(video, bias.SetItem(k, point / 10.0)) <= reached + 1e-9, $"class {k} at {point / 10.0}");
                }
            }
        }, iter: 40);
    }

    [Fact]
    public void Fit_ClassThatIsHeldDown_IsLifted()
    {
        // Every frame's own class leads by 1, but Fear and Other are held down by 2.
        var labels = Enumerable.Range(0, 800).Select(i => (sbyte)(i % Expressions.Count)).ToArray();
        var values = labels.SelectMany(l => Enumerable.Range(0, Expressions.Count).Select(k => (k == l ? -1f : -2f) - (k is (int)Expression.Fear or (int)Expression.Other ? 2 : 0))).ToArray();
        var video = new LogProbabilities("v", values, labels);
        Assert.Equal(0.6875, MacroF1(video, [.. new double[Expressions.Count]]), 12);
        var bias = LogitBias.Fit([video]);
        Assert.Equal(1, MacroF1(video, bias), 12);
        Assert.All([Expression.Fear, Expression.Other], e => Assert.InRange(bias[(int)e], 1, 3));
    }

    [Fact]
    public void CrossValidate_OwnFoldChanged_BiasStays()
    {
        Gen.Select(Frames.Array[4, 8], Frames, Gen.Int[0, 1]).Sample((videos, other, fold) =>
        {
            List<LogProbabilities> before = [.. videos.Select((f, i) => new LogProbabilities($"v{i}", f.Values, f.Labels))];
            ImmutableArray<ImmutableArray<string>> folds = [Ids(0), Ids(1)];
            List<LogProbabilities> after = [.. before.Select(v => folds[fold].Contains(v.Id) ? new LogProbabilities(v.Id, other.Values, other.Labels) : v)];
            var (biases, scores) = LogitBias.CrossValidate(before, folds);
            Assert.Equal(biases[fold].ToArray(), LogitBias.CrossValidate(after, folds).Biases[fold].ToArray());
            Assert.Equal(biases[fold].ToArray(), LogitBias.Fit([.. before.Where(v => !folds[fold].Contains(v.Id))]).ToArray());
            Assert.All(before.Index(), v => Assert.Equal(LogitBias.Score(v.Item, biases[v.Index % 2].AsSpan()).Counts.ToArray(), scores[v.Index].Counts.ToArray()));

            ImmutableArray<string> Ids(int rest) => [.. before.Where((_, i) => i % 2 == rest).Select(v => v.Id)];
        }, iter: 30);
    }

    [Fact]
    public void Folds_PersonsOfOneVideo_AreInOneFold()
    {
        List<LogProbabilities> videos = [.. new[] { "a_left", "b", "a_right", "c", "d_left", "d_right" }.Select(id => new LogProbabilities(id, new float[80], [.. Enumerable.Range(0, 10).Select(i => (sbyte)(i % 8))]))];
        var folds = LogitBias.Folds(videos, 5);
        Assert.Equal(4, folds.Length);
        Assert.Contains(folds, f => f.Contains("a_left") && f.Contains("a_right"));
        Assert.Contains(folds, f => f.Contains("d_left") && f.Contains("d_right"));
    }

    private static double MacroF1(LogProbabilities video, ImmutableArray<double> bias) => ExpressionScore.Of(LogitBias.Score(video, bias.AsSpan())).MacroF1;
}
