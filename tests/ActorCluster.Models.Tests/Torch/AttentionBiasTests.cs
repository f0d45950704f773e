using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace ActorCluster.Models.Tests.Torch;

public class AttentionBiasTests
{
    [Theory]
    [InlineData(1, 8)]
    [InlineData(8, 8)]
    [InlineData(197, 200)]
    public void Align_AnyNumberOfKeys_RoundsRowsUpAndKeepsThem(int keys, int aligned)
    {
        TorchRuntime.Load();
        using var scope = torch.NewDisposeScope();
        using var random = new torch.Generator(1);
        var bias = torch.rand(2, 3, keys, generator: random);

        var padded = AttentionBias.Align(bias);

        Assert.Equal([2, 3, aligned], padded.shape);
        Assert.Equal(bias.data<float>().ToArray(), padded.narrow(-1, 0, keys).contiguous().data<float>().ToArray());
    }

    [Fact]
    public void Align_RoomLeftOut_GivesAttentionTheSameResult()
    {
        TorchRuntime.Load();
        using var scope = torch.NewDisposeScope();
        using var random = new torch.Generator(1);
        var parts = torch.rand([3, 2, 4, 13, 16], generator: random);
        var bias = torch.rand(1, 4, 13, 13, generator: random);

        var plain = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], bias);
        var aligned = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], AttentionBias.Align(bias).narrow(-1, 0, 13));

        Assert.True(plain.allclose(aligned, 0, 1e-6));
    }

    [Fact]
    public void Keep_OnTheCpu_StaysAsItIsInFloat32()
    {
        TorchRuntime.Load();
        using var random = new torch.Generator(1);
        using var bias = torch.rand(1, 2, 13, 13, generator: random);

        using var kept = AttentionBias.Keep(bias, torch.CPU, torch.ScalarType.BFloat16);

        Assert.Equal(torch.ScalarType.Float32, kept.dtype);
        Assert.Equal(bias.data<float>().ToArray(), kept.data<float>().ToArray());
    }
}
