using System.Diagnostics;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Scoring;
using ActorCluster.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// The loop of steps and validations. A step's chance comes from the seed and its number alone, and everything else is in the saved state: a training that
/// was killed and goes on ends with the same bits as one that was not.
/// </summary>
/// <param name="task">What is encoded.</param>
/// <param name="parameters">What is trained.</param>
/// <param name="config">How.</param>
/// <param name="seed">The seed.</param>
/// <param name="folder">The folder that receives the table of validations.</param>
/// <param name="statePath">The file of the state.</param>
/// <param name="note">Told each validation.</param>
internal sealed class EncoderTrainer(
    EncoderTask task, EncoderParameters parameters, EncoderTrainingConfig config, int seed, string folder, string statePath, Action<string> note)
{
    private const string Stage = "train-encoder";

    private readonly LearningRateSchedule schedule = new(config.LearningRate, config.WarmupSteps, config.Steps);

    /// <summary>Trains to the end and leaves the parameters of the best validation.</summary>
    /// <param name="cancellation">Ends it after a step; the same call later goes on from the last validation.</param>
    /// <returns>All validations.</returns>
    /// <exception cref="EnvironmentFaultException">The loss or a gradient is not finite, or a file cannot be written.</exception>
    public IReadOnlyList<EncoderTrainingRow> Run(CancellationToken cancellation)
    {
        using var optimizer = new AdamW(parameters.Trained, config.Optimizer);
        using var loss = new FocalLoss(config.FocalGamma, task.ClassWeights(config.ClassWeightPower));
        using var plain = new FocalLoss(gamma: 0);
        using var state = new EncoderTrainingState(parameters, optimizer);
        if (File.Exists(statePath))
        {
            state.Load(statePath);
            note($"Goes on after step {state.Step}.");
        }

        var clock = Stopwatch.StartNew();
        var (begun, sum, right, counted) = (TimeSpan.Zero, 0.0, 0L, 0L);
        var since = state.Step;
        while (state.Step < config.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = Take(optimizer, loss);
            (sum, right, counted) = (sum + result.Loss, right + result.Right, counted + result.Counted);
            if (state.Step % config.EvaluateEvery == 0 || state.Step == config.Steps)
            {
                var steps = state.Step - since;
                var speed = steps * config.Batch / (clock.Elapsed - begun).TotalSeconds;
                var (validationLoss, score) = Validate(plain, cancellation);
                var row = new EncoderTrainingRow(
                    state.Step, sum / steps, (double)right / Math.Max(1, counted), validationLoss, score.Accuracy, score.MacroF1,
                    schedule.At(state.Step - 1), speed, clock.Elapsed.TotalSeconds);
                state.Add(row);
                state.Save(statePath);
                WriteTable(state.Rows);
                note(row.ToText(config.Steps));
                (begun, sum, right, counted, since) = (clock.Elapsed, 0, 0, 0, state.Step);
            }
        }

        state.TakeBest();
        return state.Rows;
    }

    /// <summary>One step of the optimizer.</summary>
    internal (double Loss, long Right, long Counted) Take(AdamW optimizer, FocalLoss focal)
    {
        var step = (int)optimizer.Steps + 1;
        using var scope = NewDisposeScope();
        var (features, labels) = task.Draw(ClassBalancedSampler.RandomOf(seed, step));
        var logits = parameters.Linear(features, EncoderModel.Head);
        var loss = focal.Mean(logits, tensor(labels));
        optimizer.ZeroGradients();
        loss.backward();
        var (value, length) = (loss.item<float>(), nn.utils.clip_grad_norm_(parameters.Trained.Select(p => p.Value), config.ClipNorm));
        if (!float.IsFinite(value) || !double.IsFinite(length))
        {
            throw new EnvironmentFaultException(
                Stage,
                $"At step {step} the loss is {value} and its gradient {length} long: training has diverged. What was saved at the last validation is kept.",
                "Train with a lower learningRate, more warmupSteps, or another seed, into another folder.");
        }

        optimizer.Step(schedule.At(step - 1));
        var predictions = logits.argmax(1).data<long>().ToArray();
        return (value, labels.Zip(predictions).Count(pair => pair.First == pair.Second), labels.Count(label => label >= 0));
    }

    private (double Loss, ExpressionScore Score) Validate(FocalLoss plain, CancellationToken cancellation)
    {
        using var off = no_grad();
        var (sum, matrices) = (0.0, new List<ConfusionMatrix>());
        for (var i = 0; i < task.ValidationBatches; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (features, labels) = task.Validation(i);
            var logits = parameters.Linear(features, EncoderModel.Head);
            sum += plain.Mean(logits, tensor(labels)).item<float>() * labels.Length;
            sbyte[] truth = [.. labels.Select(label => (sbyte)label)];
            matrices.Add(ConfusionMatrix.Of(truth, [.. logits.argmax(1).data<long>().ToArray().Select(c => (sbyte)c)]));
        }

        var confusion = ConfusionMatrix.Sum(matrices);
        return (sum / confusion.Frames, ExpressionScore.Of(confusion));
    }

    private void WriteTable(IEnumerable<EncoderTrainingRow> rows)
    {
        var text = string.Join('\n', rows.Select(row => row.ToCsv()).Prepend(EncoderTrainingRow.CsvHeader)) + "\n";
        AtomicFile.Write(Path.Combine(folder, EncoderTraining.TableName), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
    }
}
