using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;

namespace ActorCluster.Training;

/// <summary>
/// Trains the fusion network. Everything random is a function of seed, epoch and step, and the state is stored after every epoch and every ten minutes, so a
/// training that was killed and is started again ends with the very weights, bit for bit, that it would have had undisturbed (on one kind of hardware, with
/// the same number of threads and the same libtorch). One instance for one thread.
/// </summary>
public sealed class Trainer : IDisposable
{
    private const string Stage = "training";

    private readonly TrainingConfig _config;
    private readonly TrainingOptions _options;
    private readonly TrainingFolder _folder;
    private readonly FocalLoss _loss;
    private readonly WindowSampler _sampler;
    private readonly BatchLoader _loader;
    private readonly TrainedNetwork _network;
    private readonly Validator _validator;
    private readonly LearningRateSchedule _schedule;
    private readonly Dictionary<string, string> _identity;
    private readonly ImmutableArray<(string Name, string Text)> _facts;

    /// <summary>Prepares a training; touches nothing on disk. Any number of them work side by side, on the same videos too, each on a thread of its own.</summary>
    /// <param name="set">The videos, open for as long as the trainer.</param>
    /// <param name="config">Network, loss, optimizer.</param>
    /// <param name="options">Where and how.</param>
    /// <exception cref="ArgumentException">The network's values contradict each other.</exception>
    /// <exception cref="EnvironmentFaultException">The device is not there, or libtorch cannot be loaded.</exception>
    public Trainer(TrainingSet set, TrainingConfig config, TrainingOptions options)
    {
        options.Device.Require();
        TorchRuntime.UseThreads(options.Threads);
        (_config, _options, _folder) = (config, options, new TrainingFolder(options.Folder));
        _loss = new FocalLoss(config.Loss.Gamma, set.Weights(config.Loss.ClassWeights).AsSpan());
        var fusion = config.ToFusion(set, options.Modalities);
        _network = new TrainedNetwork(fusion, config, options);
        _sampler = new WindowSampler(set.Train, config.Windows, config.Batch, options.Seed);
        _loader = new BatchLoader(set.Train, _sampler, fusion);
        _validator = new Validator(set.Validation, config, _loss);
        _schedule = new LearningRateSchedule(
            config.Optimizer.LearningRate, (long)Math.Round(config.Optimizer.WarmUpEpochs * _sampler.Steps), (long)config.Epochs * _sampler.Steps);
        _identity = new Dictionary<string, string>
        {
            ["configuration"] = Convert.ToHexStringLower(SHA256.HashData(config.ToJson())),
            ["videos"] = set.Hash,
            ["seed"] = $"{options.Seed}",
            ["modalities"] = $"{options.Modalities}",
            ["device"] = $"{options.Device}",
            ["threads"] = $"{options.Threads}",
            ["libtorch"] = TorchRuntime.Version,
        };
        _facts =
        [
            ("Videos", $"{set.Train.Length} training, {set.Validation.Length} validation"),
            ("Training windows", $"{Windows:N0} of {config.Windows.Length} frames, {UnlabelledWindows:N0} without a label left out"),
            ("Modalities", $"{options.Modalities}".ToLowerInvariant()),
            ("Visual encoder", $"{fusion.VisualEncoder}, {set.VisualWidth} values"),
            ("Audio encoder", $"{fusion.AudioEncoder}, {set.AudioWidth} values"),
            ("Network", FormattableString.Invariant($"d = {fusion.HiddenSize}, l = {fusion.Layers}, {_network.Weights:N0} weights, modality dropout {fusion.ModalityDropout.Probability}")),
            ("Seed", $"{options.Seed}"),
            ("Computed on", $"{options.Device}, {options.Threads} threads, {TorchRuntime.Version}"),
        ];
    }

    /// <summary>Training windows of an epoch.</summary>
    public int Windows => _sampler.Windows;

    /// <summary>Windows that are left out because none of their frames is labelled.</summary>
    public int UnlabelledWindows => _sampler.Unlabelled;

    /// <summary>What is trained.</summary>
    internal TrainedNetwork Network => _network;

    /// <summary>Trains, or goes on where an earlier call with the same videos, configuration and options stopped.</summary>
    /// <param name="progress">Told after every step, validation video and epoch; null for nobody.</param>
    /// <param name="stop">Stops after the present step or validation video, with the state stored.</param>
    /// <exception cref="EnvironmentFaultException">
    /// The folder holds another training or cannot be written, or a feature file cannot be read.
    /// </exception>
    /// <exception cref="DivergedException">Loss or gradient is not finite; the best weights so far stay.</exception>
    public TrainingOutcome Run(Action<TrainingProgress>? progress = null, CancellationToken stop = default)
    {
        using var mine = _folder.Lock();
        AtomicFile.DeleteTemporaries(_folder.Root);
        var state = File.Exists(_folder.State) ? TrainingStateFile.Read(_folder.State, _identity, _network.State) : TrainingState.Start;
        _network.OptimizerSteps = state.OptimizerSteps;
        AtomicFile.Write(_folder.Config, stream => stream.Write(_config.ToJson()));
        WriteLog(state);
        try
        {
            while (!state.IsEnded(_config))
            {
                state = TrainEpoch(state, progress, stop);
                if (stop.IsCancellationRequested || EndEpoch(state, progress, stop) is not { } next)
                {
                    Store(state);
                    return new TrainingOutcome(state.Epochs, Ended: false);
                }

                state = next;
            }
        }
        catch (FeatureFileException e)
        {
            throw new EnvironmentFaultException(Stage, e.Message, "Remove that file and start the same command again: the file is made anew.", e);
        }

        return new TrainingOutcome(state.Epochs, Ended: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loader.Dispose();
        _network.Dispose();
        _loss.Dispose();
    }

    private TrainingState TrainEpoch(TrainingState state, Action<TrainingProgress>? progress, CancellationToken stop)
    {
        TorchRuntime.UseThreads(_options.Threads);
        var (clock, sinceStored, before) = (Stopwatch.StartNew(), Stopwatch.StartNew(), state.Seconds);
        foreach (var batch in state.Step < _sampler.Steps ? _loader.Load(state.Epoch, state.Step) : [])
        {
            var (loss, rows) = Step(state, batch);
            state = state with
            {
                Step = state.Step + 1,
                OptimizerSteps = _network.OptimizerSteps,
                LossSum = state.LossSum + (loss * rows),
                LossRows = state.LossRows + rows,
                Windows = state.Windows + batch.Count,
                Seconds = before + clock.Elapsed.TotalSeconds,
            };
            progress?.Invoke(Progress(state, null, null));
            if (stop.IsCancellationRequested)
            {
                return state;
            }

            if (sinceStored.Elapsed >= _options.StateInterval && state.Step < _sampler.Steps)
            {
                Store(state);
                sinceStored.Restart();
            }
        }

        return state;
    }

    private (double Loss, long Rows) Step(TrainingState state, WindowBatch batch)
    {
        var (dropout, modality) = (Seed(RandomStream.Use.Dropout), Seed(RandomStream.Use.Modality));
        try
        {
            var (loss, rows, norm) = _network.Step(batch, _loss, _schedule.At(state.OptimizerSteps), dropout, modality);
            return double.IsFinite(loss) && double.IsFinite(norm)
                ? (loss, rows)
                : throw new DivergedException(
                    Stage,
                    state.Epoch + 1,
                    state.Step + 1,
                    $"The training diverged in epoch {state.Epoch + 1}, step {state.Step + 1}: its loss is {loss}, the norm of its gradient {norm}. {Kept(state)}",
                    "Lower optimizer.learningRate or optimizer.clipNorm, or raise optimizer.warmUpEpochs, and train into another --out.");
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            throw new EnvironmentFaultException(
                Stage, $"libtorch failed in epoch {state.Epoch + 1}, step {state.Step + 1}: {e.Message.Split('\n')[0]}", "Check the free memory of machine and device; the same command goes on.", e);
        }

        ulong Seed(RandomStream.Use use) => RandomStream.Seed(_options.Seed, use, state.Epoch, state.Step);
    }

    private string Kept(TrainingState state) => state.Epochs.LastOrDefault(e => e.Best) is { } best
        ? $"The best weights before, of epoch {best.Epoch}, are in '{_folder.Best}'."
        : "No epoch had ended before.";

    /// <summary>Scores the weights and keeps the best.</summary>
    /// <returns>The next epoch's first state; null when the scoring was stopped.</returns>
    private TrainingState? EndEpoch(TrainingState state, Action<TrainingProgress>? progress, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        ValidationScore score;
        try
        {
            score = _validator.Score(_network.ForValidation(), videos =>
            {
                progress?.Invoke(Progress(state, videos, null));
                stop.ThrowIfCancellationRequested();
            });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }

        var best = score.SmoothedF1 > state.BestScore;
        if (best)
        {
            FusionCheckpoint.Save(_folder.Best, _network.Validated);
        }

        var result = new EpochResult(
            state.Epoch + 1, state.Loss, score, best, _schedule.At(state.OptimizerSteps - 1), state.WindowsPerSecond, state.Seconds + clock.Elapsed.TotalSeconds);
        progress?.Invoke(Progress(state, null, result));
        state = TrainingState.Start with { Epoch = state.Epoch + 1, OptimizerSteps = state.OptimizerSteps, Epochs = state.Epochs.Add(result) };

        // After the best weights: a process that dies in between validates the epoch once more and writes the same bytes.
        Store(state);
        WriteLog(state);
        return state;
    }

    private void Store(TrainingState state) => TrainingStateFile.Write(_folder.State, _identity, state, _network.State);

    private void WriteLog(TrainingState state)
    {
        if (!state.Epochs.IsEmpty)
        {
            AtomicFile.Write(_folder.Csv, stream => TrainingLog.WriteCsv(stream, state.Epochs));
            AtomicFile.Write(_folder.Jsonl, stream => TrainingLog.WriteJsonl(stream, state.Epochs));
            AtomicFile.Write(_folder.Report, stream => TrainingReport.Write(stream, Path.GetFileName(Path.TrimEndingDirectorySeparator(_folder.Root)), state.Epochs, _config.Epochs, _facts));
        }
    }

    private TrainingProgress Progress(TrainingState state, int? videos, EpochResult? finished) =>
        new(state.Epoch + 1, _config.Epochs, state.Step, _sampler.Steps, state.Loss, state.WindowsPerSecond, videos, finished);
}
