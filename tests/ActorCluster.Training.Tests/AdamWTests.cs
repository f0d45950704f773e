using ActorCluster.Models.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorCluster.Training.Tests;

public sealed class AdamWTests
{
    private static readonly OptimizerSettings Settings = new(1e-2, 0, 0.05, 0.9, 0.99, 1e-6, 1, 0);

    [Fact]
    public void Step_FiftyTimes_AgreesWithLibtorchsAdamW()
    {
        TorchRuntime.Load();
        using var scope = NewDisposeScope();
        var (ours, theirs) = (Matrix(), Matrix());
        using var optimizer = new AdamW([("weight", ours)], Settings);
        using var reference = optim.AdamW([theirs], 1e-2, 0.9, 0.99, 1e-6, 0.05);
        for (var step = 0; step < 50; step++)
        {
            foreach (var parameter in new[] { ours, theirs })
            {
                parameter.grad?.zero_();
                ((parameter.pow(2) * 3) + parameter.sin()).sum().backward();
            }

            optimizer.Step(1e-2);
            reference.step();
        }

        Assert.InRange((ours - theirs).abs().max().item<float>(), 0, 1e-6f);
        Assert.Equal(50, optimizer.Steps);
    }

    [Fact]
    public void Step_VectorsAndPositions_DoNotDecay()
    {
        TorchRuntime.Load();
        using var scope = NewDisposeScope();
        var (matrix, vector, position) = (Matrix(), nn.Parameter(ones(3)), nn.Parameter(ones(3, 2)));
        using var optimizer = new AdamW([("weight", matrix), ("bias", vector), ("visual.position", position)], Settings);
        foreach (var parameter in new[] { matrix, vector, position })
        {
            (parameter * 0).sum().backward();
        }

        var before = matrix.clone();
        optimizer.Step(0.1);
        Assert.All(vector.data<float>().ToArray(), x => Assert.Equal(1, x));
        Assert.All(position.data<float>().ToArray(), x => Assert.Equal(1, x));
        Assert.InRange((matrix - (before * (1 - (0.1 * 0.05)))).abs().max().item<float>(), 0, 1e-7f);
    }

    private static Parameter Matrix() => nn.Parameter(linspace(-1, 1, 12).reshape(3, 4));
}
