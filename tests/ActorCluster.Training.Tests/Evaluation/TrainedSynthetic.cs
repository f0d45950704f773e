using System.Collections.Immutable;
using ActorCluster.Core.Labels;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Training.Evaluation;

namespace ActorCluster.Training.Tests.Evaluation;

/// <summary>What the tests of evaluation share.</summary>
[CollectionDefinition(nameof(TrainedSynthetic))]
public sealed class TrainedSyntheticCollection : ICollectionFixture<TrainedSynthetic>;

/// <summary>A network after one short training, good but not perfect, and the videos that it was trained on and validated with.</summary>
public sealed class TrainedSynthetic : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Lazy<EvaluationResult> tested;

    public TrainedSynthetic()
    {
        Inputs = SyntheticVideos.Write(folder.Path);
        Outcome = TrainedWeights.Train(Inputs, Config, TrainedWeights.Options(folder.File("out")));
        tested = new(() => Evaluate(All, DatasetSplit.Test, Settings with { Calibrate = true }));
    }

    /// <summary>Five videos for training, two for validation.</summary>
    public ImmutableArray<TrainingInput> Inputs { get; }

    /// <summary>The same, all for testing.</summary>
    public ImmutableArray<TrainingInput> All => [.. Inputs.Select(i => i with { Split = DatasetSplit.Test })];

    public TrainingOutcome Outcome { get; }

    /// <summary>The network on <see cref="All"/>, with a calibration.</summary>
    public EvaluationResult Tested => tested.Value;

    /// <summary>The network's folder.</summary>
    public string Checkpoint => new TrainingFolder(folder.File("out")).Best;

    internal static TrainingConfig Config => SyntheticVideos.Config with { Epochs = 2, Patience = 2 };

    internal static EvaluationSettings Settings => new(Config.Windows, Config.Voting, Calibrate: false);

    /// <summary>Evaluates the network, or another one.</summary>
    public EvaluationResult Evaluate(IReadOnlyList<TrainingInput> inputs, DatasetSplit split, EvaluationSettings? settings = null, FusionNetwork? network = null)
    {
        network ??= FusionCheckpoint.Open(Checkpoint);
        using var classifier = new FusionClassifier(network, TorchDevice.Cpu, Config.Batch, threads: 1);
        using var set = EvaluationSet.Open(inputs, split, network.Config);
        return Evaluator.Run(set, classifier, settings ?? Settings);
    }

    public void Dispose() => folder.Dispose();
}
