using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>
/// One branch's part of one layer: self-attention, cross-attention to the other branch, feed-forward with GELU; each with a layer norm
/// before it (pre-norm, Xiong et al. 2020) and a residual connection around it.
/// </summary>
internal sealed class FusionLayer : nn.Module
{
    private readonly LayerNorm _selfNorm;
    private readonly SafeAttention _selfAttention;
    private readonly LayerNorm _crossNorm;
    private readonly SafeAttention _crossAttention;
    private readonly LayerNorm _feedForwardNorm;
    private readonly Linear _feedForwardIn;
    private readonly Linear _feedForwardOut;
    private readonly FusionDropout _dropout;

    public FusionLayer(FusionConfig config, FusionDropout dropout, Device device)
        : base(nameof(FusionLayer))
    {
        var d = config.HiddenSize;
        register_module("self_norm", _selfNorm = nn.LayerNorm(d, device: device));
        register_module("self_attention", _selfAttention = new SafeAttention(d, config.Heads, device));
        register_module("cross_norm", _crossNorm = nn.LayerNorm(d, device: device));
        register_module("cross_attention", _crossAttention = new SafeAttention(d, config.Heads, device));
        register_module("feed_forward_norm", _feedForwardNorm = nn.LayerNorm(d, device: device));
        register_module("feed_forward_in", _feedForwardIn = nn.Linear(d, config.FeedForwardSize, device: device));
        register_module("feed_forward_out", _feedForwardOut = nn.Linear(config.FeedForwardSize, d, device: device));
        _dropout = dropout;
    }

    /// <summary>The first step, inside the branch, [B, T, d].</summary>
    public Tensor AttendToSelf(Tensor x, Tensor live)
    {
        var normed = _selfNorm.call(x);
        return x + _dropout.Apply(_selfAttention.call(normed, normed, live), training);
    }

    /// <summary>The state as both branches' cross-attention sees it, [B, T, d].</summary>
    public Tensor ForCross(Tensor x) => _crossNorm.call(x);

    /// <summary>The second and third step, [B, T, d].</summary>
    /// <param name="x">This branch's state.</param>
    /// <param name="own"><see cref="ForCross"/> of it.</param>
    /// <param name="other"><see cref="ForCross"/> of the other branch's state, by its own layer.</param>
    /// <param name="otherLive">The other branch's live frames, [B, T].</param>
    public Tensor AttendToOther(Tensor x, Tensor own, Tensor other, Tensor otherLive)
    {
        x += _dropout.Apply(_crossAttention.call(own, other, otherLive), training);
        return x + _dropout.Apply(_feedForwardOut.call(Activation.Gelu(_feedForwardIn.call(_feedForwardNorm.call(x)))), training);
    }
}
