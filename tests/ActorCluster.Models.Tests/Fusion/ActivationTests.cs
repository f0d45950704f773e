using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using static TorchSharp.torch;

namespace ActorCluster.Models.Tests.Fusion;

public sealed class ActivationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GeluAndSigmoid_AnyPlaceInTheTensor_SameBitsAndLibtorchsValues(bool gelu)
    {
        TorchRuntime.Load();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var x = 3 * FusionSamples.Normal(1, 500);
        var whole = Apply(x);

        var bits = FusionSamples.Bits(whole);
        for (var i = 0; i < bits.Length; i++)
        {
            Assert.Equal(bits[i], FusionSamples.Bits(Apply(x[i..(i + 1)].clone()))[0]);
        }

        var difference = (whole - (gelu ? nn.functional.gelu(x) : x.sigmoid())).abs().max().item<float>();
        Assert.InRange(difference, 0, 1e-6f);

        Tensor Apply(Tensor t) => gelu ? Activation.Gelu(t) : Activation.Sigmoid(t);
    }
}
