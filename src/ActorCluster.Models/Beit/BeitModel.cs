using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Beit;

/// <summary>
/// BEiT (Bao et al. 2021, https://arxiv.org/abs/2106.08254) as transformers' <c>BeitModel</c> computes it. It does not change after loading:
/// any number of threads can compute with it at once.
/// </summary>
internal sealed class BeitModel : IDisposable
{
    private readonly BeitConfig config;
    private readonly Affine patches;
    private readonly Tensor classToken;
    private readonly Tensor? positions;
    private readonly Affine norm;
    private readonly BeitLayer[] layers;

    /// <param name="config">The architecture.</param>
    /// <param name="parameters">Its parameters; read layer by layer, so that memory never holds them twice.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="type">The type of the matrix products.</param>
    public BeitModel(BeitConfig config, CheckpointParameters parameters, Device device, ScalarType type)
    {
        using var inference = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        this.config = config;
        (Device, Type) = (device, type);
        const string Projection = "embeddings.patch_embeddings.projection";
        patches = Affine.Keep(parameters.Read(Projection + ".weight").flatten(1), parameters.Read(Projection + ".bias"), device, type);
        classToken = Affine.Keep(parameters.Read("embeddings.cls_token").view(-1), device, ScalarType.Float32);
        positions = config.HasAbsolutePositions ? Affine.Keep(parameters.Read("embeddings.position_embeddings"), device, ScalarType.Float32) : null;
        var normName = config.UsesMeanPooling ? "pooler.layernorm" : "layernorm";
        norm = Affine.Read(parameters, normName, device, ScalarType.Float32);
        var sharedBias = config.HasSharedRelativePositionBias
            ? BeitLayer.BiasOf(config, parameters.Read("encoder.relative_position_bias.relative_position_bias_table"))
            : null;
        layers = new BeitLayer[config.Layers];
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = new BeitLayer(config, parameters, i, sharedBias, device, type);
        }
    }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <summary>The type of the matrix products.</summary>
    public ScalarType Type { get; }

    internal IReadOnlyList<BeitLayer> Layers => layers;

    /// <summary>The forward pass. The results belong to the caller's dispose scope.</summary>
    /// <param name="workspace">The calling thread's, which holds the images, preprocessed.</param>
    /// <param name="hiddenStates">Receives copies of every layer's input and of the last layer's output, <c>[B, N, D]</c>; null where nobody asks.</param>
    /// <returns>The last hidden state <c>[B, N, D]</c> and the pooled output <c>[B, D]</c>, both in float32.</returns>
    public (Tensor LastHiddenState, Tensor Pooled) Forward(BeitWorkspace workspace, ICollection<Tensor>? hiddenStates = null)
    {
        using var scope = torch.NewDisposeScope();
        var hidden = Embed(workspace.Pixels.to(Device));
        foreach (var layer in layers)
        {
            Note(hidden);
            layer.Apply(hidden, workspace);
        }

        Note(hidden);
        if (config.UsesMeanPooling)
        {
            var mean = hidden.narrow(1, 1, config.TokenCount - 1).mean([1]);
            return (hidden.MoveToOuterDisposeScope(), norm.LayerNorm(mean, config.LayerNormEpsilon).MoveToOuterDisposeScope());
        }

        var normed = norm.LayerNorm(hidden, config.LayerNormEpsilon);
        return (normed.MoveToOuterDisposeScope(), normed.select(1, 0).clone().MoveToOuterDisposeScope());

        void Note(Tensor state) => hiddenStates?.Add(state.clone().MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        patches.Dispose();
        classToken.Dispose();
        positions?.Dispose();
        norm.Dispose();
        Array.ForEach(layers, layer => layer.Dispose());
    }

    private Tensor Embed(Tensor pixels)
    {
        using var scope = torch.NewDisposeScope();
        var (count, side, patch) = (pixels.shape[0], config.Side, config.PatchSize);

        // A convolution whose stride is its kernel is a linear map of the patches' pixels.
        var rows = pixels.view(count, 3, side, patch, side, patch).permute(0, 2, 4, 1, 3, 5).reshape(count, side * side, 3 * patch * patch);
        var hidden = torch.empty([count, config.TokenCount, config.HiddenSize], ScalarType.Float32, pixels.device);
        hidden.select(1, 0).copy_(classToken);
        hidden.narrow(1, 1, side * side).copy_(patches.Linear(rows));
        if (positions is not null)
        {
            hidden.add_(positions);
        }

        return hidden.MoveToOuterDisposeScope();
    }
}
