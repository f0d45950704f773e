using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>
/// Multi-head scaled dot-product attention (Vaswani et al. 2017, section 3.2) over live keys only. Where a window has no live key, its
/// rows are exactly 0 after the output projection, bias included, forward and gradient, so that a residual connection passes through.
/// Inputs must be finite everywhere; values at dead keys do not matter otherwise.
/// </summary>
internal sealed class SafeAttention : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly int _heads;
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _output;

    public SafeAttention(int width, int heads, Device device)
        : base(nameof(SafeAttention))
    {
        _heads = heads;
        register_module("query", _query = nn.Linear(width, width, device: device));
        register_module("key", _key = nn.Linear(width, width, device: device));
        register_module("value", _value = nn.Linear(width, width, device: device));
        register_module("output", _output = nn.Linear(width, width, device: device));
    }

    /// <summary>Attends.</summary>
    /// <param name="query">What asks, [B, Tq, d].</param>
    /// <param name="keyValue">What is attended to, [B, Tk, d].</param>
    /// <param name="live">Which keys count, [B, Tk], boolean.</param>
    /// <returns>[B, Tq, d].</returns>
    public override Tensor forward(Tensor query, Tensor keyValue, Tensor live)
    {
        var any = live.any(1, keepdim: true);

        // A softmax over no key is 0/0, and its NaN would pass through the backward of any later selection. Such a window attends to all of
        // its keys instead, which is finite, and the result is thrown away.
        var dead = (any & ~live).unsqueeze(1).unsqueeze(1);
        var q = Split(_query.call(query));
        var scores = q.matmul(Split(_key.call(keyValue)).transpose(-2, -1)) / Math.Sqrt(q.shape[^1]);
        var weights = scores.masked_fill(dead, double.NegativeInfinity).softmax(-1);
        var context = weights.matmul(Split(_value.call(keyValue))).transpose(1, 2).flatten(2);
        var output = _output.call(context);
        return where(any.unsqueeze(-1), output, zeros_like(output));
    }

    private Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, -1).transpose(1, 2);
}
