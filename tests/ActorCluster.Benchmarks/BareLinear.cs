using ActorCluster.Models.Beit;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Benchmarks;

/// <summary>
/// The matrix products of a BEiT's forward pass and nothing else: <c>linear</c> with bias over rows in memory. Every layer has weights of its own, so that they
/// come from memory as a model's do.
/// </summary>
internal sealed class BareLinear : IDisposable
{
    private readonly List<(Tensor Rows, Tensor Weight, Tensor Bias)> _maps = [];
    private readonly List<Tensor> _tensors = [];

    public BareLinear(BeitConfig config, int batch, ScalarType type)
    {
        long width = config.HiddenSize, inner = config.IntermediateSize, patch = 3L * config.PatchSize * config.PatchSize;
        var tokens = (long)batch * config.TokenCount;
        var (narrow, wide) = (Random(type, tokens, width), Random(type, tokens, inner));
        Add(Random(type, tokens - batch, patch), width, patch, type);
        for (var i = 0; i < config.Layers; i++)
        {
            Add(narrow, 3 * width, width, type);
            Add(narrow, width, width, type);
            Add(narrow, inner, width, type);
            Add(wide, width, inner, type);
        }
    }

    /// <summary>Floating-point operations of a run: two for each weight and row.</summary>
    public double Operations { get; private set; }

    public void Run()
    {
        using var inference = torch.inference_mode();
        foreach (var (rows, weight, bias) in _maps)
        {
            functional.linear(rows, weight, bias).Dispose();
        }
    }

    public void Dispose() => _tensors.ForEach(tensor => tensor.Dispose());

    private void Add(Tensor rows, long outputs, long inputs, ScalarType type)
    {
        _maps.Add((rows, Random(type, outputs, inputs), Random(type, outputs)));
        Operations += 2.0 * rows.shape[0] * outputs * inputs;
    }

    private Tensor Random(ScalarType type, params long[] shape)
    {
        using var values = torch.randn(shape);
        var tensor = values.to(type, copy: true).mul_(0.03f);
        _tensors.Add(tensor);
        return tensor;
    }
}
