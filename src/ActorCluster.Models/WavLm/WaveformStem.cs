using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ActorCluster.Models.WavLm;

/// <summary>
/// The convolutions that make tokens of samples (wav2vec 2.0, Baevski et al. 2020, section 2). Frames are rows and channels are contiguous, so that a
/// convolution is a sum of one or two matrix products over views of its input. Tiles of tokens go through all convolutions one after the other: what lies
/// between them then fits the processor's cache, and memory does not grow with the segment.
/// </summary>
internal sealed class WaveformStem : IDisposable
{
    private const double NormEpsilon = 1e-5;
    private const int TokensPerTile = 125;

    private readonly WavLmConfig config;
    private readonly int tile;
    private readonly Affine first;
    private readonly StridedConvolution[] rest;
    private readonly Affine?[] norms;

    public WaveformStem(WavLmConfig config, CheckpointParameters parameters, Device device, ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        this.config = config;
        tile = device.type == DeviceType.CPU ? TokensPerTile : 1 << 20;
        var count = config.ConvolutionChannels.Length;
        norms = new Affine?[count];
        rest = new StridedConvolution[count - 1];

        // The first convolution stays in float32: samples have no spare precision, and it costs little.
        first = Affine.Keep(Weight(0).squeeze(1), Bias(0), device, ScalarType.Float32);
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
            {
                rest[i - 1] = new StridedConvolution(Weight(i), Bias(i), config.ConvolutionStrides[i], device, type);
            }

            if (i == 0 || !config.GroupNorm)
            {
                var name = $"feature_extractor.conv_layers.{i}.layer_norm";
                norms[i] = Affine.Read(parameters, name, device, i == 0 ? ScalarType.Float32 : type);
            }
        }

        Tensor Weight(int i) => parameters.Read($"feature_extractor.conv_layers.{i}.conv.weight");
        Tensor? Bias(int i) => config.ConvolutionBias ? parameters.Read($"feature_extractor.conv_layers.{i}.conv.bias") : null;
    }

    /// <summary>The tokens of one segment.</summary>
    /// <param name="samples">Samples <c>[L]</c> in float32.</param>
    /// <param name="length">How many of them are real; statistics over time leave the others out.</param>
    /// <returns>Tokens <c>[M, channels]</c>.</returns>
    public Tensor Apply(Tensor samples, int length)
    {
        using var scope = torch.NewDisposeScope();
        var windows = samples.unfold(0, config.ConvolutionKernels[0], config.ConvolutionStrides[0]);
        var (convolution, mean) = config.GroupNorm ? Normalised(windows[TensorIndex.Slice(0, config.FrameCount(length, 1))]) : (first, null);
        var count = config.TokenCount((int)samples.shape[0]);
        var tiles = new List<Tensor>();
        for (var start = 0; start < count; start += tile)
        {
            tiles.Add(ApplyTile(windows, convolution, mean, start, Math.Min(count, start + tile)));
        }

        return torch.cat(tiles).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        first.Dispose();
        foreach (var convolution in rest)
        {
            convolution.Dispose();
        }

        foreach (var norm in norms)
        {
            norm?.Dispose();
        }
    }

    private Tensor ApplyTile(Tensor windows, Affine convolution, Tensor? mean, int start, int end)
    {
        using var scope = torch.NewDisposeScope();
        long from = start;
        long to = end;
        for (var i = rest.Length; i > 0; i--)
        {
            from *= config.ConvolutionStrides[i];
            to = ((to - 1) * config.ConvolutionStrides[i]) + config.ConvolutionKernels[i];
        }

        var part = windows[TensorIndex.Slice(from, to)];
        var rows = convolution.Linear(mean is null ? part.contiguous() : part.sub(mean));
        if (!config.GroupNorm)
        {
            rows = norms[0]!.LayerNorm(rows, NormEpsilon);
        }

        rows = functional.gelu(rows, inplace: true);
        for (var i = 0; i < rest.Length; i++)
        {
            rows = rest[i].Apply(rows);
            rows = functional.gelu(norms[i + 1] is { } norm ? norm.LayerNorm(rows, NormEpsilon) : rows, inplace: true);
        }

        return rows.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The first convolution with its group norm in it. A channel is the product of its kernel w with the windows of samples, so its mean over time is that
    /// of w with the mean window, and its variance is w C w' with the windows' covariance C: the norm over time becomes a scaling of the kernels, and no
    /// pass over the channels is needed.
    /// </summary>
    private (Affine Convolution, Tensor Mean) Normalised(Tensor realWindows)
    {
        var windows = realWindows.to(ScalarType.Float64);
        var mean = windows.mean([0]);
        var centred = windows.sub_(mean);
        var covariance = centred.t().mm(centred).div_(windows.shape[0]);
        var weight = first.Weight.to(ScalarType.Float64);
        var variance = weight.mm(covariance).mul_(weight).sum(1);
        var scale = variance.add_(NormEpsilon).rsqrt_().mul_(norms[0]!.Weight);
        return (new Affine(weight.mul(scale.unsqueeze(1)).to(ScalarType.Float32), norms[0]!.Bias), mean.to(ScalarType.Float32));
    }
}
