using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.WavLm;

/// <summary>
/// WavLM (Chen et al. 2022, https://arxiv.org/abs/2110.13900) for segments of one length, as transformers' <c>WavLMModel</c> computes it. What crosses tokens
/// and does not depend on the audio is computed once, here. It does not change after loading: any number of threads can compute with it
/// at once.
/// </summary>
internal sealed class WavLmModel : IDisposable
{
    private readonly WavLmConfig config;
    private readonly WaveformStem stem;
    private readonly Affine featureNorm;
    private readonly Affine projection;
    private readonly PositionalConvolution positional;
    private readonly Affine encoderNorm;
    private readonly WavLmLayer[] layers;

    /// <param name="config">The architecture.</param>
    /// <param name="parameters">Its parameters; read part by part, so that memory never holds them twice.</param>
    /// <param name="samples">The segments' length in samples.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="type">The type of the matrix products.</param>
    public WavLmModel(WavLmConfig config, CheckpointParameters parameters, int samples, Device device, ScalarType type)
    {
        using var inference = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        this.config = config;
        Device = device;
        TokenCount = config.TokenCount(samples);
        stem = new WaveformStem(config, parameters, device, type);
        featureNorm = Pair("feature_projection.layer_norm", ScalarType.Float32);
        projection = Pair("feature_projection.projection", type);
        positional = new PositionalConvolution(config, parameters, device);
        encoderNorm = Pair("encoder.layer_norm", ScalarType.Float32);
        var bias = BiasOf(parameters.Read("encoder.layers.0.attention.rel_attn_embed.weight"));
        PositionBias = Affine.Keep(device.type == DeviceType.CUDA ? AttentionBias.Align(bias) : bias, device, ScalarType.Float32);
        layers = new WavLmLayer[config.Layers];
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = new WavLmLayer(config, parameters, i, device, type);
        }

        Affine Pair(string name, ScalarType pairType) => Affine.Read(parameters, name, device, pairType);
    }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <summary>Tokens per segment, M.</summary>
    public int TokenCount { get; }

    /// <summary>The position bias <c>[H, M, M]</c>, query before key, before any gate; on a GPU with room after each row.</summary>
    internal Tensor PositionBias { get; }

    internal WaveformStem Stem => stem;

    internal PositionalConvolution Positional => positional;

    internal IReadOnlyList<WavLmLayer> Layers => layers;

    /// <summary>The forward pass. The results belong to the caller's dispose scope.</summary>
    /// <param name="samples">Segments <c>[n, L]</c> in float32.</param>
    /// <param name="lengths">How many samples of each segment are real, each at least <see cref="WavLmConfig.MinSamples"/>.</param>
    /// <returns>
    /// The projection's normalised input <c>[n, M, channels]</c> and the hidden states <c>[n, M, D]</c>: the input of every layer, then the encoder's output.
    /// </returns>
    public (Tensor ExtractFeatures, Tensor[] HiddenStates) Forward(Tensor samples, ReadOnlySpan<int> lengths)
    {
        using var scope = torch.NewDisposeScope();
        var tokens = new Tensor[lengths.Length];
        var masked = new bool[lengths.Length * TokenCount];
        for (var i = 0; i < lengths.Length; i++)
        {
            // One by one also on a GPU: an item's tokens come from products of the same shape in every batch.
            tokens[i] = stem.Apply(samples[i], lengths[i]);
            masked.AsSpan(i * TokenCount, TokenCount)[config.TokenCount(lengths[i])..].Fill(true);
        }

        var mask = torch.tensor(masked, [lengths.Length, TokenCount], device: samples.device);
        var keyMask = torch.zeros(mask.shape, ScalarType.Float32, samples.device).masked_fill_(mask, float.NegativeInfinity).unsqueeze(1).unsqueeze(1);
        if (Device.type == DeviceType.CUDA)
        {
            keyMask = AttentionBias.Align(keyMask);
        }

        var features = featureNorm.LayerNorm(torch.stack(tokens).to(ScalarType.Float32), config.LayerNormEpsilon);
        var hidden = projection.Linear(features).to(ScalarType.Float32).masked_fill(mask.unsqueeze(2), 0);
        hidden = hidden + positional.Apply(hidden);
        if (!config.StableLayerNorm)
        {
            hidden = encoderNorm.LayerNorm(hidden, config.LayerNormEpsilon);
        }

        var states = new Tensor[layers.Length + 1];
        for (var i = 0; i < layers.Length; i++)
        {
            states[i] = hidden;
            hidden = layers[i].Apply(hidden, PositionBias, keyMask);
        }

        states[layers.Length] = config.StableLayerNorm ? encoderNorm.LayerNorm(hidden, config.LayerNormEpsilon) : hidden;
        foreach (var state in states)
        {
            state.MoveToOuterDisposeScope();
        }

        return (features.MoveToOuterDisposeScope(), states);
    }

    public void Dispose()
    {
        stem.Dispose();
        featureNorm.Dispose();
        projection.Dispose();
        positional.Dispose();
        encoderNorm.Dispose();
        PositionBias.Dispose();
        foreach (var layer in layers)
        {
            layer.Dispose();
        }
    }

    private Tensor BiasOf(Tensor table) => table
        .index_select(0, torch.tensor(RelativePositions.Index(TokenCount, config.Buckets, config.MaxBucketDistance)))
        .view(TokenCount, TokenCount, -1)
        .permute(2, 0, 1);
}
