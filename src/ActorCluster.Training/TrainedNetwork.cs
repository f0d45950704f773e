using System.Collections.Immutable;
using ActorCluster.Models.Fusion;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorCluster.Training;

/// <summary>The network in training, its optimizer, the average of its weights, and a copy for validation.</summary>
internal sealed class TrainedNetwork : IDisposable
{
    private readonly FusionNetwork _network;
    private readonly AdamW _optimizer;
    private readonly FusionClassifier _classifier;
    private readonly Device _device;
    private readonly double _clipNorm;
    private readonly double _averagingDecay;
    private readonly ImmutableArray<(string Name, Parameter Value, Tensor? Average)> _parameters;

    /// <summary>Makes the network with its first weights.</summary>
    public TrainedNetwork(FusionConfig fusion, TrainingConfig config, TrainingOptions options)
    {
        (_clipNorm, _averagingDecay) = (config.Optimizer.ClipNorm, config.Optimizer.AveragingDecay);
        _network = new FusionNetwork(fusion, options.Seed);
        Validated = new FusionNetwork(fusion, options.Seed);
        _device = options.Device.IsCuda ? device(options.Device.ToString()) : CPU;
        _network.to(_device);
        _network.train();
        using var off = no_grad();
        _parameters = [.. _network.named_parameters().Select(p => (p.name, p.parameter, _averagingDecay > 0 ? p.parameter.clone().DetachFromDisposeScope() : null))];
        _optimizer = new AdamW(_parameters.Select(p => (p.Name, p.Value)), config.Optimizer);
        _classifier = new FusionClassifier(Validated, options.Device, config.Batch, options.Threads);
    }

    /// <summary>The weights that the last <see cref="ForValidation"/> took.</summary>
    public FusionNetwork Validated { get; }

    /// <summary>The number of weights.</summary>
    public long Weights => _parameters.Sum(p => p.Value.numel());

    /// <summary>Steps taken in all.</summary>
    public long OptimizerSteps
    {
        get => _optimizer.Steps;
        set => _optimizer.Steps = value;
    }

    /// <summary>Every tensor that the training goes on from, by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
    [
        .. _parameters.Select(p => ("weight." + p.Name, (Tensor)p.Value)),
        .. _optimizer.Moments.SelectMany(m => new[] { ("first." + m.Name, m.First), ("second." + m.Name, m.Second) }),
        .. _parameters.Where(p => p.Average is not null).Select(p => ("average." + p.Name, p.Average!)),
    ];

    /// <summary>Forward, backward, clipping, optimizer.</summary>
    /// <param name="batch">The windows.</param>
    /// <param name="focal">The loss.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="dropoutSeed">Seeds dropout.</param>
    /// <param name="modalitySeed">Seeds modality dropout.</param>
    /// <returns>Mean loss, the number of rows behind it, and the gradient's norm before clipping. Where one is not finite, no weight has changed.</returns>
    public (double Loss, long Rows, double Norm) Step(WindowBatch batch, FocalLoss focal, double learningRate, ulong dropoutSeed, ulong modalitySeed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(modalitySeed);
        using var dropout = new Generator(dropoutSeed);
        _network.DropoutGenerator = dropout;
        var input = batch.Input;
        var (visualPresent, audioPresent) = ModalityDropout.Apply(input.VisualPresent, input.AudioPresent, input.Frames, _network.Config.ModalityDropout, generator);
        var output = _network.call(new FusionBatch(
            input.Visual.to(_device), input.Audio.to(_device), visualPresent.to(_device), audioPresent.to(_device), input.Frames.to(_device)));
        _network.DropoutGenerator = null;

        // A frame with neither face nor voice has the prior, which nothing can be learned from.
        var labels = batch.Labels.to(_device);
        labels = where(output.FromPrior, full_like(labels, -1), labels).view(-1);
        var loss = focal.Mean(output.Logits.view(-1, output.Logits.shape[^1]), labels);
        _optimizer.ZeroGradients();
        loss.backward();
        var norm = nn.utils.clip_grad_norm_(_parameters.Select(p => p.Value), _clipNorm);
        var (value, rows) = ((double)loss.item<float>(), (labels >= 0).sum().item<long>());
        if (double.IsFinite(value) && double.IsFinite(norm))
        {
            _optimizer.Step(learningRate);
            Average();
        }

        return (value, rows, norm);
    }

    /// <summary>The present weights, averaged if so configured, ready to classify.</summary>
    public FusionClassifier ForValidation()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var copies = Validated.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        foreach (var (name, value, average) in _parameters)
        {
            copies[name].copy_(average ?? value);
        }

        return _classifier;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _classifier.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
        foreach (var (_, _, average) in _parameters)
        {
            average?.Dispose();
        }
    }

    /// <summary>a = decay a + (1 - decay) w, with a smaller decay in the first steps, (1 + t) / (10 + t), so that the first weights are soon forgotten.</summary>
    private void Average()
    {
        using var off = no_grad();
        var decay = Math.Min(_averagingDecay, (1.0 + OptimizerSteps) / (10.0 + OptimizerSteps));
        foreach (var (_, value, average) in _parameters)
        {
            average?.lerp_(value, 1 - decay);
        }
    }
}
