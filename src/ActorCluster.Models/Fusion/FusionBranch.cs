using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>One modality's branch: its projection to the common width with positions, its layers, its last norm.</summary>
internal sealed class FusionBranch : nn.Module<Tensor, Tensor>
{
    private const string Position = "position";
    private const double LongestWavelength = 10_000;

    private readonly Linear _projection;
    private readonly LayerNorm _projectionNorm;
    private readonly LayerNorm _outputNorm;
    private readonly PositionKind _position;
    private readonly Tensor? _sinusoids;

    public FusionBranch(FusionConfig config, int featureWidth, FusionDropout dropout, Device device)
        : base(nameof(FusionBranch))
    {
        var d = config.HiddenSize;
        register_module("projection", _projection = nn.Linear(featureWidth, d, device: device));
        register_module("projection_norm", _projectionNorm = nn.LayerNorm(d, device: device));
        _position = config.Position;
        switch (_position)
        {
            case PositionKind.Learned:
                var learned = nn.Parameter(zeros(config.WindowLength, d, device: device));
                learned.DetachFromDisposeScope();
                register_parameter(Position, learned);
                break;
            case PositionKind.Sinusoidal:
                _sinusoids = Sinusoids(config.WindowLength, d, device).DetachFromDisposeScope();
                break;
        }

        Layers = nn.ModuleList(Enumerable.Range(0, config.Layers).Select(_ => new FusionLayer(config, dropout, device)).ToArray());
        register_module("layers", Layers);
        register_module("output_norm", _outputNorm = nn.LayerNorm(d, device: device));
    }

    public ModuleList<FusionLayer> Layers { get; }

    /// <summary>Features [B, T, width], finite everywhere, to the branch's first state [B, T, d].</summary>
    public override Tensor forward(Tensor features)
    {
        var x = _projectionNorm.call(_projection.call(features));
        var frames = (int)features.shape[1];
        return _position switch
        {
            PositionKind.Learned => x + get_parameter(Position)![..frames],
            PositionKind.Sinusoidal => x + _sinusoids![..frames].to(x.device),
            _ => x,
        };
    }

    /// <summary>The branch's last state, normed, [B, T, d].</summary>
    public Tensor Output(Tensor x) => _outputNorm.call(x);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sinusoids?.Dispose();
        }

        base.Dispose(disposing);
    }

    // PE(t, 2i) = sin(t / 10000^(2i/d)), PE(t, 2i+1) = cos(the same), Vaswani et al. 2017, section 3.5; in double, then rounded.
    internal static Tensor Sinusoids(int length, int width, Device device)
    {
        var table = new float[length * width];
        for (var t = 0; t < length; t++)
        {
            for (var i = 0; i < width; i += 2)
            {
                (var sine, var cosine) = Math.SinCos(t / Math.Pow(LongestWavelength, (double)i / width));
                (table[(t * width) + i], table[(t * width) + i + 1]) = ((float)sine, (float)cosine);
            }
        }

        return tensor(table, length, width, device: device);
    }
}
