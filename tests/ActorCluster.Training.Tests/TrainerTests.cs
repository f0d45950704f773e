using ActorCluster.Core.Faults;
using ActorCluster.Models.Fusion;
using ActorCluster.Storage;
using static TorchSharp.torch;

namespace ActorCluster.Training.Tests;

public sealed class TrainerTests
{
    [Fact]
    public void Run_LearnableVideos_ReachesAHighScoreAndKeepsItsBestNetwork()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        var config = SyntheticVideos.Config with { Epochs = 8, Patience = 8 };
        var outcome = TrainedWeights.Train(inputs, config, TrainedWeights.Options(folder.File("out")));

        Assert.True(outcome.Ended);
        Assert.True(outcome.Best!.Validation.SmoothedF1 > 0.9, $"{outcome.Best}");
        Assert.True(outcome.Epochs[^1].TrainLoss < outcome.Epochs[0].TrainLoss / 2);
        var layout = new TrainingFolder(folder.File("out"));
        Assert.Equal(1 + outcome.Epochs.Length, File.ReadAllLines(layout.Csv).Length);
        Assert.Equal(outcome.Epochs.Length, File.ReadAllLines(layout.Jsonl).Length);

        // The kept network scores what was reported, read back as a pipeline would read it.
        using var set = TrainingSet.Open(inputs);
        using var loss = new FocalLoss(2);
        using var classifier = new FusionClassifier(FusionCheckpoint.Open(layout.Best, new TrainedEncoder("beit-test", "a1"), new TrainedEncoder("wavlm-test", "b1")), Models.Torch.TorchDevice.Cpu, 16, 1);
        Assert.Equal(outcome.Best.Validation, new Validator(set.Validation, config, loss).Score(classifier));
    }

    [Fact]
    public void Run_StoppedAnywhereAndCalledAgain_EndsWithTheSameBits()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        var config = SyntheticVideos.Config with { Optimizer = SyntheticVideos.Config.Optimizer with { AveragingDecay = 0.99 } };
        TrainedWeights.Train(inputs, config, TrainedWeights.Options(folder.File("whole")) with { Threads = 2 });
        TrainingOutcome outcome;
        var sittings = 0;
        do
        {
            using var stop = new CancellationTokenSource();
            var steps = 0;
            outcome = TrainedWeights.Train(inputs, config, TrainedWeights.Options(folder.File("parts")) with { Threads = 2 }, p =>
            {
                if (p is { Finished: null, ValidationVideos: null } && ++steps == 7)
                {
                    stop.Cancel();
                }
            }, stop.Token);
            sittings++;
        }
        while (!outcome.Ended);

        Assert.True(sittings > 3);
        Assert.Equal(TrainedWeights.HashOf(folder.File("whole")), TrainedWeights.HashOf(folder.File("parts")));
        Assert.Equal(4, outcome.Epochs.Length);
    }

    [Fact]
    public void Run_SameSeed_IsTheSameAndAnotherIsNot()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        var config = SyntheticVideos.Config with { Epochs = 1 };
        string Hash(string name, long seed)
        {
            TrainedWeights.Train(inputs, config, TrainedWeights.Options(folder.File(name)) with { Seed = seed });
            return TrainedWeights.HashOf(folder.File(name));
        }

        var first = Hash("a", 1);
        Assert.Equal(first, Hash("b", 1));
        Assert.NotEqual(first, Hash("c", 2));
    }

    [Fact]
    public void Run_WeightsOutOfRange_StopsAndKeepsTheBestNetwork()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        var options = TrainedWeights.Options(folder.File("out"));
        byte[]? best = null;
        var path = Path.Combine(new TrainingFolder(options.Folder).Best, FusionCheckpoint.WeightsName);
        using var set = TrainingSet.Open(inputs);
        using var trainer = new Trainer(set, SyntheticVideos.Config, options);
        var fault = Assert.Throws<DivergedException>(() => trainer.Run(p =>
        {
            if (p.Finished is not null)
            {
                best = File.ReadAllBytes(path);
                Poison(trainer);
            }
        }));
        Assert.Equal("training", fault.Stage);
        Assert.Contains("diverged in epoch 2, step 1", fault.Cause, StringComparison.Ordinal);
        Assert.Contains("of epoch 1", fault.Cause, StringComparison.Ordinal);
        Assert.Equal(best, File.ReadAllBytes(path));
    }

    [Fact]
    public void Run_FolderOfAnotherTraining_NamesTheDifference()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        var options = TrainedWeights.Options(folder.File("out"));
        TrainedWeights.Train(inputs, SyntheticVideos.Config with { Epochs = 1 }, options);
        var before = TrainedWeights.HashOf(folder.File("out"));
        var fault = Assert.Throws<EnvironmentFaultException>(() => TrainedWeights.Train(inputs, SyntheticVideos.Config with { Epochs = 1 }, options with { Seed = 8 }));
        Assert.Contains("seed was 7 and is 8", fault.Cause, StringComparison.Ordinal);
        Assert.Contains("--out", fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(before, TrainedWeights.HashOf(folder.File("out")));
    }

    [Theory]
    [InlineData(Modalities.Video)]
    [InlineData(Modalities.Audio)]
    public void Run_OneModality_DoesNotDependOnTheOther(Modalities modalities)
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        var config = SyntheticVideos.Config with { Epochs = 1 };
        TrainedWeights.Train(inputs, config, TrainedWeights.Options(folder.File("a")) with { Modalities = modalities });
        foreach (var input in inputs)
        {
            Overwrite(input.Features, modalities == Modalities.Video ? "audio" : "visual");
        }

        TrainedWeights.Train(inputs, config, TrainedWeights.Options(folder.File("b")) with { Modalities = modalities });
        Assert.Equal(TrainedWeights.HashOf(folder.File("a")), TrainedWeights.HashOf(folder.File("b")));
        Assert.Equal(modalities, FusionCheckpoint.ReadConfig(new TrainingFolder(folder.File("b")).Best).Modalities);
    }

    [Fact]
    public void Run_ManySteps_LeavesNoTensorBehind()
    {
        using var folder = new TempFolder();
        using var set = TrainingSet.Open(SyntheticVideos.Write(folder.Path));
        using var trainer = new Trainer(set, SyntheticVideos.Config, TrainedWeights.Options(folder.File("out")));
        var counts = new List<long>();
        trainer.Run(p =>
        {
            if (p.Finished is null && p.ValidationVideos is null)
            {
                counts.Add(Tensor.TotalCount);
            }
        });
        Assert.True(counts.Count > 30);
        Assert.InRange(counts[^1], 0, counts[counts.Count / 2]);
    }

    private static void Poison(Trainer trainer)
    {
        using var off = no_grad();
        trainer.Network.State.First().Value.fill_(float.MaxValue);
    }

    private static void Overwrite(string path, string tensor)
    {
        long offset, bytes;
        using (var file = SafetensorsFile.Open(path))
        {
            (offset, bytes) = (file.Find(tensor).Offset, file.Find(tensor).ByteCount);
        }

        using var stream = File.OpenWrite(path);
        stream.Position = offset;
        stream.Write(new byte[bytes]);
    }
}
