using ActorCluster.Core;
using ActorCluster.Models.Fusion;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Tests.Fusion;

/// <summary>Alone, because <see cref="torch.Tensor.TotalCount"/> is the process's.</summary>
[CollectionDefinition(nameof(FusionMemoryTests), DisableParallelization = true)]
[Collection(nameof(FusionMemoryTests))]
public sealed class FusionMemoryTests
{
    [Fact]
    public void Classify_HundredBatches_TensorCountIsFlat()
    {
        using var classifier = FusionClassifierTests.Classifier(FusionSamples.Config, 3);
        FusionWindow[] windows = [FusionClassifierTests.Window(FusionSamples.Config, 1, 7), FusionClassifierTests.Window(FusionSamples.Config, 2, 3)];
        var probabilities = new float[2 * 7 * Expressions.Count];
        classifier.Classify(windows, probabilities);
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        var before = Tensor.TotalCount;
        for (var i = 0; i < 100; i++)
        {
            classifier.Classify(windows, probabilities);
        }

        // What other tests left to the finalizer may still go; a leak would add a hundred.
        Assert.InRange(Tensor.TotalCount, 0, before);
    }
}
