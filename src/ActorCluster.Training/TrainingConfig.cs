using System.Collections.Immutable;
using System.Text.Json;
using ActorCluster.Core;
using ActorCluster.Core.Formats;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models.Fusion;

namespace ActorCluster.Training;

/// <summary>
/// A training configuration file: JSON in which every key must be there, and no other. <c>configs/training/paper.json</c> has the paper's values where they
/// are public, else our choice, as each member says.
/// </summary>
/// <param name="Network">The shape of the network.</param>
/// <param name="Windows">Length T and stride S of training windows; inference uses the same length. Ours: 64 and 32.</param>
/// <param name="Batch">Windows per step, 1 to 1024. Ours: 32.</param>
/// <param name="Epochs">The most passes over the training windows, 1 to 10000; the learning rate falls to 0 over them. Ours: 20.</param>
/// <param name="Patience">Training stops after so many epochs without a better validation score, 1 to 10000. Ours: 5.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Voting">What validation does to a video's votes, as a pipeline does: median filter and imputation. That there is a median filter is the paper's, the rest ours.</param>
public sealed record TrainingConfig(
    NetworkSettings Network,
    WindowSettings Windows,
    int Batch,
    int Epochs,
    int Patience,
    FocalSettings Loss,
    OptimizerSettings Optimizer,
    VotingSettings Voting)
{
    /// <summary>The largest file in bytes.</summary>
    public const int LargestFile = 1 << 20;

    private static readonly JsonSerializerOptions Json = SettingsJson.Options(isRequired: _ => true);

    /// <summary>Reads a configuration.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <exception cref="FormatException">It is not JSON, a key is missing, unknown or given twice, or values are out of range; the message names them.</exception>
    public static TrainingConfig Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LargestFile)
        {
            throw new FormatException($"It has more than {LargestFile} bytes.");
        }

        return SettingsJson.Parse<TrainingConfig>(utf8, Json, config => config.Problems() is { Count: > 0 } problems ? problems : config.NetworkProblems());
    }

    /// <summary>Writes the configuration: the same bytes for equal values, read back by <see cref="Parse"/>.</summary>
    public byte[] ToJson() => SettingsJson.Write(this, Json);

    /// <summary>The network's full configuration.</summary>
    /// <param name="set">The videos that it learns from, whose encoders and widths it takes over.</param>
    /// <param name="modalities">What it looks at.</param>
    /// <exception cref="ArgumentException">Values are out of range or contradict each other.</exception>
    internal FusionConfig ToFusion(TrainingSet set, Modalities modalities) => ToFusion(
        modalities, set.VisualWidth, set.AudioWidth, set.Prior, new TrainedEncoder(set.Visual.Name, set.Visual.Hash), new TrainedEncoder(set.Audio.Name, set.Audio.Hash));

    private FusionConfig ToFusion(
        Modalities modalities, int visualWidth, int audioWidth, ImmutableArray<double> prior, TrainedEncoder visual, TrainedEncoder audio) => new()
    {
        HiddenSize = Network.HiddenSize,
        Layers = Network.Layers,
        Heads = Network.Heads,
        FeedForwardSize = Network.FeedForwardSize,
        Dropout = Network.Dropout,
        Position = Network.Position,
        ModalityDropout = Network.ModalityDropout,
        Modalities = modalities,
        WindowLength = Windows.Length,
        VisualWidth = visualWidth,
        AudioWidth = audioWidth,
        Prior = prior,
        VisualEncoder = visual,
        AudioEncoder = audio,
    };

    /// <summary>What contradicts itself in the network, whatever it will learn from: widths, prior and encoders here only stand for those of the videos.</summary>
    private IEnumerable<string> NetworkProblems()
    {
        var encoder = new TrainedEncoder("any", "any");
        try
        {
            _ = FusionConfig.Parse(ToFusion(Modalities.Both, 1, 1, [.. Enumerable.Repeat(1.0 / Expressions.Count, Expressions.Count)], encoder, encoder).ToJson());
            return [];
        }
        catch (FormatException e)
        {
            return [$"network: {e.Message}"];
        }
    }

    private List<string> Problems()
    {
        List<string> problems = [];
        Range("windows.length", Windows.Length, 1, 4_096);
        Range("windows.stride", Windows.Stride, 1, Math.Max(1, Windows.Length));
        Range("batch", Batch, 1, 1_024);
        Range("epochs", Epochs, 1, 10_000);
        Range("patience", Patience, 1, 10_000);
        Range("loss.gamma", Loss.Gamma, 0, 10);
        Range("optimizer.learningRate", Optimizer.LearningRate, double.Epsilon, 1);
        Range("optimizer.warmUpEpochs", Optimizer.WarmUpEpochs, 0, 10_000);
        Range("optimizer.weightDecay", Optimizer.WeightDecay, 0, 1);
        Range("optimizer.beta1", Optimizer.Beta1, 0, Math.BitDecrement(1.0));
        Range("optimizer.beta2", Optimizer.Beta2, 0, Math.BitDecrement(1.0));
        Range("optimizer.epsilon", Optimizer.Epsilon, 1e-30, 1);
        Range("optimizer.clipNorm", Optimizer.ClipNorm, 1e-6, 1e6);
        Range("optimizer.averagingDecay", Optimizer.AveragingDecay, 0, Math.BitDecrement(1.0));
        Range("voting.medianKernel", Voting.MedianKernel, 1, 1_001);
        Range("voting.imputeWithinSeconds", Voting.ImputeWithinSeconds, 0, 3_600);
        if (Voting.MedianKernel % 2 == 0)
        {
            problems.Add($"voting.medianKernel is {Voting.MedianKernel}; it must be odd.");
        }

        return problems;

        void Range(string key, double value, double least, double most)
        {
            // Written so that NaN fails.
            if (!(value >= least && value <= most))
            {
                problems.Add(FormattableString.Invariant($"{key} is {value}; it must be {least} to {most}."));
            }
        }
    }
}
