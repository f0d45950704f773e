using System.Text.Json;
using ActorCluster.Core;
using ActorCluster.Storage;
using CsCheck;
using static TorchSharp.torch;

namespace ActorCluster.Training.Tests;

public sealed class FocalLossTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "goldens", "focal");

    public static TheoryData<string, double, bool, double> Cases()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "losses.json")));
        var cases = new TheoryData<string, double, bool, double>();
        foreach (var row in document.RootElement.EnumerateArray())
        {
            cases.Add(row.GetProperty("name").GetString()!, row.GetProperty("gamma").GetDouble(), row.GetProperty("alpha").GetBoolean(), row.GetProperty("loss").GetDouble());
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Mean_ReferenceCase_HasItsLossAndGradient(string name, double gamma, bool weighted, double expected)
    {
        using var file = SafetensorsFile.Open(Path.Combine(Folder, "io.safetensors"));
        var sample = name[..name.IndexOf('.', StringComparison.Ordinal)];
        using var loss = new FocalLoss(gamma, weighted ? file.Read<double>(sample + ".alpha") : []);
        var (value, gradient) = Evaluate(loss, file.Read<float>(sample + ".logits"), file.Read<long>(sample + ".labels"));

        Assert.InRange(value, expected - (1e-5 * Math.Abs(expected)), expected + (1e-5 * Math.Abs(expected)));
        var reference = file.Read<double>(name + ".grad");
        for (var i = 0; i < reference.Length; i++)
        {
            Assert.InRange(gradient[i], reference[i] - 1e-6, reference[i] + 1e-6);
        }
    }

    [Fact]
    public void Mean_AnyFiniteLogitsAndGamma_IsFiniteWithItsGradient() =>
        Gen.Select(Gen.Float[-1000, 1000].Array[Expressions.Count], Gen.Int[0, 7], Gen.OneOf(Gen.Double[0, 1], Gen.Double[1, 6])).Sample((logits, label, gamma) =>
        {
            using var loss = new FocalLoss(gamma);
            var (value, gradient) = Evaluate(loss, logits, [label]);
            return double.IsFinite(value) && value >= 0 && gradient.All(float.IsFinite);
        }, iter: 300, threads: 1);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.01)]
    [InlineData(2)]
    public void Mean_CertainAndRight_IsZeroWithoutNaN(double gamma)
    {
        using var loss = new FocalLoss(gamma);
        var (value, gradient) = Evaluate(loss, [500, 0, 0, 0, 0, 0, 0, 0], [0]);
        Assert.InRange(value, 0, 1e-30);
        Assert.All(gradient, g => Assert.InRange(g, -1e-2, 1e-2));
    }

    [Fact]
    public void Mean_RowWithoutLabel_DoesNotCountWhateverItHolds()
    {
        using var loss = new FocalLoss(2);
        float[] row = [1, 2, 3, 4, 5, 6, 7, 8];
        var alone = Evaluate(loss, row, [3]);
        var beside = Evaluate(loss, [.. row, .. Enumerable.Repeat(float.NaN, 8)], [3, -1]);
        Assert.Equal(alone.Value, beside.Value);
        Assert.Equal(alone.Gradient, beside.Gradient[..8]);
        Assert.All(beside.Gradient[8..], g => Assert.Equal(0, g));
    }

    [Fact]
    public void Mean_NoLabel_IsZero()
    {
        using var loss = new FocalLoss(2);
        var (value, gradient) = Evaluate(loss, [1, 2, 3, 4, 5, 6, 7, 8], [-1]);
        Assert.Equal(0, value);
        Assert.All(gradient, g => Assert.Equal(0, g));
    }

    [Fact]
    public void Of_Probability_IsTheSameFormula()
    {
        using var loss = new FocalLoss(2, [1, 2, 3, 4, 5, 6, 7, 8]);
        float[] logits = [0.3f, -1, 2, 0.5f, 0, 1, -0.2f, 0.1f];
        var sum = logits.Sum(x => Math.Exp(x));
        Assert.Equal(Evaluate(loss, logits, [2]).Value, loss.Of(Math.Exp(logits[2]) / sum, 2), 1e-6);
    }

    [Fact]
    public void Constructor_NonsensicalValues_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new FocalLoss(-1));
        Assert.Throws<ArgumentException>(() => new FocalLoss(double.NaN));
        Assert.Throws<ArgumentException>(() => new FocalLoss(2, [1, -1]));
        Assert.Throws<ArgumentException>(() => new FocalLoss(2, [1, 1, 1, 1, 1, 1, 1, double.NaN]));
        using var loss = new FocalLoss(2, [1, 1]);
        Assert.Throws<ArgumentException>(() => Evaluate(loss, [1, 2, 3], [0]));
    }

    private static (double Value, float[] Gradient) Evaluate(FocalLoss loss, float[] logits, long[] labels)
    {
        using var scope = NewDisposeScope();
        var x = tensor(logits, labels.Length, logits.Length / labels.Length, requires_grad: true);
        var value = loss.Mean(x, tensor(labels));
        value.backward();
        return (value.item<float>(), x.grad!.data<float>().ToArray());
    }
}
