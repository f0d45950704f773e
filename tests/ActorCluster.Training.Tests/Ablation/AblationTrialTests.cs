using ActorCluster.Core.Faults;
using ActorCluster.Core.Scoring;
using ActorCluster.Models.Torch;
using ActorCluster.Training.Ablation;

namespace ActorCluster.Training.Tests.Ablation;

public sealed class AblationTrialTests : IDisposable
{
    private static readonly TrainingConfig Small = SyntheticVideos.Config with { Epochs = 2 };
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_Trial_ScoresItsBestNetworkAndStoresTheResult()
    {
        var plan = Plan(Small);
        using var set = TrainingSet.Open(plan.Videos);
        var trial = Trial(plan, "out");
        Assert.Null(trial.Read());
        var result = Run(trial, set)!;
        Assert.Equal(2, result.Epochs);
        Assert.Equal(result.Scores.Select(s => s.Condition), plan.Evaluate.ConditionNames);
        using var trainer = new Trainer(set, Small, TrainedWeights.Options(trial.Folder) with { Seed = trial.Seed });
        var best = trainer.Run().Best!;
        Assert.Equal((best.Epoch, best.Validation.SmoothedF1, best.Validation.Accuracy), (result.BestEpoch, result.Scores[0].Pooled.MacroF1, result.Scores[0].Pooled.Accuracy));
        Assert.True(result.Scores[1].Pooled.MacroF1 < result.Scores[0].Pooled.MacroF1, "Half of the faces missing costs nothing.");
        Assert.Equal(Text(result), Text(trial.Read()!));
    }

    [Fact]
    public void Run_TrialsSideBySideOnTheSameVideos_EachIsWhatItIsAlone()
    {
        var plan = Plan(Small, Small with { Network = Small.Network with { Layers = 2 } });
        using var set = TrainingSet.Open(plan.Videos);
        var together = plan.Trials(_folder.File("together"), TorchDevice.Cpu);
        var results = new TrialResult[together.Length];
        List<Thread> threads = [.. together.Select((t, i) => new Thread(() => results[i] = Run(t, set)!))];
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var alone = plan.Trials(_folder.File("alone"), TorchDevice.Cpu);
        for (var i = 0; i < alone.Length; i++)
        {
            Assert.Equal(Text(Run(alone[i], set)!), Text(results[i]));
            Assert.Equal(TrainedWeights.HashOf(alone[i].Folder), TrainedWeights.HashOf(together[i].Folder));
        }

        Assert.Equal(4, results.Select(Text).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(13)]
    [InlineData(17)]
    public void Run_StoppedAndCalledAgain_EndsWithTheSameResult(int reports)
    {
        var plan = Plan(Small);
        using var set = TrainingSet.Open(plan.Videos);
        var stopped = Trial(plan, "stopped");
        using (var stop = new CancellationTokenSource())
        {
            void Count()
            {
                if (--reports == 0)
                {
                    stop.Cancel();
                }
            }

            Assert.Null(stopped.Run(set, _ => Count(), Count, stop.Token));
        }

        Assert.Null(stopped.Read());
        var undisturbed = Trial(plan, "undisturbed");
        Assert.Equal(Text(Run(undisturbed, set)!), Text(Run(stopped, set)!));
        Assert.Equal(TrainedWeights.HashOf(undisturbed.Folder), TrainedWeights.HashOf(stopped.Folder));
    }

    [Fact]
    public void Run_LossOfNoNumber_IsAResult()
    {
        var plan = Plan(Small);
        using var set = TrainingSet.Open(plan.Videos);
        var trial = Trial(plan, "out");
        using (var stop = new CancellationTokenSource())
        {
            void StopAfterAnEpoch(TrainingProgress p)
            {
                if (p.Finished is not null)
                {
                    stop.Cancel();
                }
            }

            Assert.Null(trial.Run(set, StopAfterAnEpoch, () => { }, stop.Token));
        }

        OverflowWeights(new TrainingFolder(trial.Folder).State);
        var result = Run(trial, set)!;
        Assert.Equal((1, (int?)null, (int?)2), (result.Epochs, result.BestEpoch, result.DivergedInEpoch));
        Assert.Empty(result.Scores);
        Assert.Equal(2, trial.Read()!.DivergedInEpoch);
    }

    [Fact]
    public void Read_ResultOfOtherSettings_IsRefusedByName()
    {
        var plan = Plan(Small);
        using var set = TrainingSet.Open(plan.Videos);
        Run(Trial(plan, "out"), set);
        var other = Plan(Small with { Batch = 8 });
        Assert.Contains("cell 1, seed 1", Assert.Throws<EnvironmentFaultException>(() => Trial(other, "out").Read()).Cause, StringComparison.Ordinal);
        var labels = File.ReadAllLines(plan.Videos[0].Labels!);
        labels[^1] = labels[^1] == "3" ? "4" : "3";
        File.WriteAllLines(plan.Videos[0].Labels!, labels);
        Assert.Throws<EnvironmentFaultException>(() => Trial(AblationSamples.Plan([.. plan.Videos], [1, 2], Small), "out").Read());
    }

    [Fact]
    public void Write_Plan_ComesBack()
    {
        var plan = Plan(Small);
        plan.Write(_folder.Path);
        Assert.Equal(plan.Hash(), AblationPlan.Read(_folder.Path).Hash());
        File.WriteAllText(AblationPlan.PathIn(_folder.Path), "{}");
        Assert.Throws<EnvironmentFaultException>(() => AblationPlan.Read(_folder.Path));
    }

    /// <summary>Gives the head weights whose products are no numbers any more.</summary>
    private static void OverflowWeights(string state)
    {
        long offset, count;
        using (var file = Storage.SafetensorsFile.Open(state))
        {
            var head = file.Find("weight.head_out.weight");
            (offset, count) = (head.Offset, head.ByteCount);
        }

        var bytes = File.ReadAllBytes(state);
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan((int)offset, (int)count)).Fill(3e38f);
        File.WriteAllBytes(state, bytes);
    }

    private static TrialResult? Run(AblationTrial trial, TrainingSet set) => trial.Run(set, _ => { }, () => { }, CancellationToken.None);

    private static string Text(TrialResult result) =>
        $"{result.Identity} {result.Epochs} {result.BestEpoch} {result.DivergedInEpoch} {string.Join(';', result.Scores.Select(s => $"{s.Condition}: {string.Join(' ', ConfusionMatrix.Sum(s.Videos).Counts)}"))}";

    private AblationPlan Plan(params TrainingConfig[] cells) => AblationSamples.Plan(SyntheticVideos.Write(_folder.Path), [1, 2], cells);

    private AblationTrial Trial(AblationPlan plan, string name) => plan.Trials(_folder.File(name), TorchDevice.Cpu)[0];
}
