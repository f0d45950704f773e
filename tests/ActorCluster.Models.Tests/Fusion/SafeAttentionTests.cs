using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Tests.Fusion;

public sealed class SafeAttentionTests : IDisposable
{
    private const int Width = 24;
    private readonly DisposeScope _scope;

    public SafeAttentionTests()
    {
        TorchRuntime.Load();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("self", 4)]
    [InlineData("cross", 4)]
    public void Forward_Golden_IsMultiheadAttentions(string name, int heads)
    {
        using var file = SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "goldens", "mha", "io.safetensors"));
        var (query, keyValue) = (Read("query"), Read("key_value"));
        var (weights, biases) = (Read("param.in_proj_weight").chunk(3), Read("param.in_proj_bias").chunk(3));
        var attention = new SafeAttention((int)query.shape[2], heads, CPU);
        var state = new Dictionary<string, Tensor>
        {
            ["output.weight"] = Read("param.out_proj.weight"),
            ["output.bias"] = Read("param.out_proj.bias"),
        };
        foreach (var (i, part) in new[] { "query", "key", "value" }.Index())
        {
            (state[$"{part}.weight"], state[$"{part}.bias"]) = (weights[i], biases[i]);
        }

        attention.load_state_dict(state);
        var ignored = tensor(file.Read<byte>($"{name}.key_padding_mask"), file.Find($"{name}.key_padding_mask").Shape.AsSpan().ToArray()).to(ScalarType.Bool);

        var output = attention.call(query, keyValue, ignored.logical_not());

        Assert.True(ignored.any().item<bool>());
        Assert.InRange(Distance(Read("output"), output), 0, 1e-5);

        Tensor Read(string part) => tensor(file.Read<float>($"{name}.{part}"), file.Find($"{name}.{part}").Shape.AsSpan().ToArray());
    }

    [Fact]
    public void Forward_EveryKeyLive_IsPlainAttention()
    {
        var attention = Attention();
        var (query, keyValue) = (FusionSamples.Normal(1, 3, 5, Width), FusionSamples.Normal(2, 3, 9, Width));
        var p = attention.named_parameters().ToDictionary(e => e.name, e => e.parameter);

        var plain = nn.functional.scaled_dot_product_attention(Project(query, "query"), Project(keyValue, "key"), Project(keyValue, "value"));
        var expected = nn.functional.linear(plain.transpose(1, 2).flatten(2), p["output.weight"], p["output.bias"]);

        Assert.InRange(Distance(expected, attention.call(query, keyValue, ones(3, 9, ScalarType.Bool))), 0, 1e-6);

        Tensor Project(Tensor x, string part) =>
            nn.functional.linear(x, p[$"{part}.weight"], p[$"{part}.bias"]).view(3, -1, 4, Width / 4).transpose(1, 2);
    }

    [Fact]
    public void Forward_SomeKeysDead_IsPlainAttentionOverTheLiveOnes()
    {
        var attention = Attention();
        var (query, keyValue) = (FusionSamples.Normal(3, 1, 5, Width), FusionSamples.Normal(4, 1, 6, Width));
        var live = FusionSamples.Mask([false, true, true, false, true, false]);

        var alone = attention.call(query, keyValue.index_select(1, tensor([1L, 2L, 4L])), ones(1, 3, ScalarType.Bool));

        Assert.InRange(Distance(alone, attention.call(query, keyValue, live)), 0, 1e-6);
    }

    [Fact]
    public void Forward_DeadKeysChanged_SameBits()
    {
        var attention = Attention();
        var (query, keyValue) = (FusionSamples.Normal(5, 2, 5, Width), FusionSamples.Normal(6, 2, 4, Width));
        var live = FusionSamples.Mask([false, true, true, false], [true, false, true, true]);
        var changed = where(live.unsqueeze(-1), keyValue, full_like(keyValue, 1e6));

        Assert.Equal(FusionSamples.Bits(attention.call(query, keyValue, live)), FusionSamples.Bits(attention.call(query, changed, live)));
    }

    [Fact]
    public void Forward_NoKeyLive_RowsAreZeroAndTheOthersUntouched()
    {
        var attention = Attention();
        var (query, keyValue) = (FusionSamples.Normal(7, 3, 5, Width), FusionSamples.Normal(8, 3, 4, Width));
        var mixed = FusionSamples.Mask([true, true, true, true], [false, false, false, false], [false, true, false, false]);

        var output = attention.call(query, keyValue, mixed);

        Assert.All(FusionSamples.Bits(output[1]), bits => Assert.Equal(0, bits));
        var allLive = attention.call(query, keyValue, ones(3, 4, ScalarType.Bool));
        Assert.Equal(FusionSamples.Bits(allLive[0]), FusionSamples.Bits(output[0]));
        Assert.All(FusionSamples.Values(output[2]), value => Assert.True(float.IsFinite(value)));
        Assert.Contains(FusionSamples.Values(output[2]), value => value != 0);
    }

    [Fact]
    public void Backward_NoKeyLive_EveryGradientIsZero()
    {
        var attention = Attention();
        var query = FusionSamples.Normal(9, 2, 5, Width).requires_grad_();
        var keyValue = FusionSamples.Normal(10, 2, 4, Width).requires_grad_();

        attention.call(query, keyValue, zeros(2, 4, ScalarType.Bool)).sum().backward();

        Assert.All(attention.parameters().Append(query).Append(keyValue), AssertZeroGradient);
    }

    [Fact]
    public void Backward_OneWindowWithoutLiveKeys_ItsGradientIsZeroAndTheOthersAreAsIfAlone()
    {
        var attention = Attention();
        var live = FusionSamples.Mask([true, false, true, true], [false, false, false, false]);
        var query = FusionSamples.Normal(11, 2, 5, Width).requires_grad_();
        var keyValue = FusionSamples.Normal(12, 2, 4, Width).requires_grad_();
        attention.call(query, keyValue, live).square().sum().backward();
        var together = Gradients();

        Assert.Equal(0, query.grad![1].abs().max().item<float>());
        Assert.Equal(0, keyValue.grad![1].abs().max().item<float>());
        Assert.Equal(0, keyValue.grad![0, 1].abs().max().item<float>());
        Assert.NotEqual(0, query.grad![0].abs().max().item<float>());

        attention.zero_grad();
        attention.call(query[..1], keyValue[..1], live[..1]).square().sum().backward();
        foreach (var (alone, both) in Gradients().Zip(together))
        {
            Assert.InRange(Distance(alone, both), 0, 1e-5);
        }

        Tensor[] Gradients() => [.. attention.parameters().Select(p => p.grad!.clone())];
    }

    private static void AssertZeroGradient(Tensor tensor) => Assert.All(FusionSamples.Values(tensor.grad!), value => Assert.Equal(0, value));

    /// <summary>The largest difference, in units of the largest expected value where that exceeds 1: a float32 of 8 is known to half a millionth.</summary>
    private static double Distance(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        return (expected - actual).abs().max().item<float>() / Math.Max(1, expected.abs().max().item<float>());
    }

    private static SafeAttention Attention()
    {
        var attention = new SafeAttention(Width, 4, CPU);
        using var off = no_grad();
        foreach (var (i, parameter) in attention.parameters().Index())
        {
            parameter.copy_(0.3 * FusionSamples.Normal(100 + i, parameter.shape));
        }

        return attention;
    }
}
