using ActorCluster.Core;
using ActorCluster.Models.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>
/// The dual-branch fusion network: face and voice features of a window's frames to the logits of eight expressions. The parts are the
/// paper's (arXiv 2603.08034): a branch for each modality with self-attention and safe cross-attention to the other, gating, an MLP head.
/// Their exact form, which the paper's public text leaves open, is ours: pre-norm layers; both branches of a layer read each other's state
/// from before the layer's cross-attention; the gate is
/// <c>g = sigmoid(W[h_v; h_a; m_v; m_a] + b)</c>, <c>h = g * h_v + (1 - g) * h_a</c> with m the masks, forced to 0 where there is no
/// face and to 1 where there is no audio; a frame without both has the prior's logits.
/// </summary>
/// <remarks>
/// Serves training and inference alike; <c>train()</c> and <c>eval()</c> switch the dropout, which draws from
/// <see cref="DropoutGenerator"/>. Parameters are float32. One instance for one thread at a time.
/// </remarks>
public sealed class FusionNetwork : nn.Module<FusionBatch, FusionOutput>
{
    private const double PositionDeviation = 0.02;

    private readonly FusionBranch _visual;
    private readonly FusionBranch _audio;
    private readonly Linear _gate;
    private readonly Linear _headIn;
    private readonly Linear _headOut;
    private readonly FusionDropout _dropout;
    private readonly Tensor _priorLogits;

    /// <summary>
    /// Makes a network with first parameters: weights from Xavier's uniform distribution (Glorot and Bengio 2010), biases 0, layer norms 1
    /// and 0, learned positions from a normal distribution with deviation 0.02.
    /// </summary>
    /// <param name="config">Its shape.</param>
    /// <param name="seed">Decides the parameters, the same on every device.</param>
    /// <exception cref="ArgumentException">The configuration's values are out of range or contradict each other.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">libtorch cannot be loaded.</exception>
    public FusionNetwork(FusionConfig config, long seed)
        : this(config, CPU)
    {
        Initialise(seed);
    }

    /// <summary>Makes a network whose parameters are still to be filled.</summary>
    internal FusionNetwork(FusionConfig config, Device device)
        : base(Loaded(nameof(FusionNetwork)))
    {
        config.Validate();
        Config = config;
        var d = config.HiddenSize;
        _dropout = new FusionDropout(config.Dropout);
        register_module("visual", _visual = new FusionBranch(config, config.VisualWidth, _dropout, device));
        register_module("audio", _audio = new FusionBranch(config, config.AudioWidth, _dropout, device));
        register_module("gate", _gate = nn.Linear((2 * d) + 2, d, device: device));
        register_module("head_in", _headIn = nn.Linear(d, d, device: device));
        register_module("head_out", _headOut = nn.Linear(d, Expressions.Count, device: device));
        _priorLogits = tensor(config.Prior.Select(p => (float)Math.Log(p)).ToArray(), device: device).DetachFromDisposeScope();
    }

    /// <summary>The network's shape, and what it was trained for.</summary>
    public FusionConfig Config { get; }

    /// <summary>What dropout draws from, on the parameters' device; not owned. Null for libtorch's global generator, which all networks of a process share.</summary>
    public Generator? DropoutGenerator
    {
        get => _dropout.Generator;
        set => _dropout.Generator = value;
    }

    /// <summary>Classifies the frames of windows.</summary>
    /// <param name="input">The windows, on the parameters' device; T at most the configuration's window length.</param>
    /// <exception cref="ArgumentException">A tensor has another shape or type.</exception>
    public override FusionOutput forward(FusionBatch input)
    {
        Check(input);
        using var scope = NewDisposeScope();
        var visualLive = Config.Modalities == Modalities.Audio ? zeros_like(input.Frames) : input.VisualPresent & input.Frames;
        var audioLive = Config.Modalities == Modalities.Video ? zeros_like(input.Frames) : input.AudioPresent & input.Frames;
        var v = _visual.call(Live(input.Visual, visualLive));
        var a = _audio.call(Live(input.Audio, audioLive));
        for (var i = 0; i < Config.Layers; i++)
        {
            var (visual, audio) = (_visual.Layers[i], _audio.Layers[i]);
            v = visual.AttendToSelf(v, visualLive);
            a = audio.AttendToSelf(a, audioLive);
            var (crossV, crossA) = (visual.ForCross(v), audio.ForCross(a));
            v = visual.AttendToOther(v, crossV, crossA, audioLive);
            a = audio.AttendToOther(a, crossA, crossV, visualLive);
        }

        var (hv, ha) = (_visual.Output(v), _audio.Output(a));
        var (faceLive, voiceLive) = (visualLive.unsqueeze(-1), audioLive.unsqueeze(-1));
        var g = Activation.Sigmoid(_gate.call(cat([hv, ha, faceLive.to(hv.dtype), voiceLive.to(hv.dtype)], -1)));
        g = where(voiceLive, g, ones_like(g));
        g = where(faceLive, g, zeros_like(g));
        var h = (g * hv) + ((1 - g) * ha);
        var scores = _headOut.call(_dropout.Apply(Activation.Gelu(_headIn.call(_dropout.Apply(h, training))), training));
        var fromPrior = ~(visualLive | audioLive);
        var logits = where(fromPrior.unsqueeze(-1), _priorLogits.to(scores.device), scores);
        return new FusionOutput(logits.MoveToOuterDisposeScope(), g.mean([-1]).MoveToOuterDisposeScope(), fromPrior.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _priorLogits.Dispose();
        }

        base.Dispose(disposing);
    }

    private static string Loaded(string name)
    {
        TorchRuntime.Load();
        return name;
    }

    // Replaced, not multiplied: 0 * NaN is NaN.
    private static Tensor Live(Tensor features, Tensor live) =>
        where(live.unsqueeze(-1), features, zeros_like(features)).to(ScalarType.Float32);

    private void Initialise(long seed)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var generator = new Generator((ulong)seed);
        foreach (var (name, parameter) in named_parameters())
        {
            if (name.EndsWith(".position", StringComparison.Ordinal))
            {
                parameter.normal_(0, PositionDeviation, generator);
            }
            else if (parameter.dim() == 2)
            {
                var bound = Math.Sqrt(6.0 / (parameter.shape[0] + parameter.shape[1]));
                parameter.uniform_(-bound, bound, generator);
            }
            else
            {
                parameter.fill_(name.EndsWith("norm.weight", StringComparison.Ordinal) ? 1 : 0);
            }
        }
    }

    private void Check(FusionBatch input)
    {
        var (batch, frames) = input.Frames.dim() == 2 ? (input.Frames.shape[0], input.Frames.shape[1]) : (0, 0);
        if (batch < 1 || frames < 1 || frames > Config.WindowLength)
        {
            throw new ArgumentException($"The frame mask has the shape [{string.Join(", ", input.Frames.shape)}]; it must be [batch, 1 to {Config.WindowLength}].", nameof(input));
        }

        Require(input.Visual, "visual features", false, batch, frames, Config.VisualWidth);
        Require(input.Audio, "audio features", false, batch, frames, Config.AudioWidth);
        Require(input.VisualPresent, "visual mask", true, batch, frames);
        Require(input.AudioPresent, "audio mask", true, batch, frames);
        Require(input.Frames, "frame mask", true, batch, frames);
    }

    private static void Require(Tensor tensor, string what, bool mask, params ReadOnlySpan<long> shape)
    {
        if (!tensor.shape.AsSpan().SequenceEqual(shape))
        {
            throw new ArgumentException($"The {what} have the shape [{string.Join(", ", tensor.shape)}]; it must be [{string.Join(", ", shape.ToArray())}].");
        }

        if (mask ? tensor.dtype != ScalarType.Bool : !tensor.is_floating_point())
        {
            throw new ArgumentException($"The {what} have the type {tensor.dtype}; it must be {(mask ? "boolean" : "floating point")}.");
        }
    }
}
