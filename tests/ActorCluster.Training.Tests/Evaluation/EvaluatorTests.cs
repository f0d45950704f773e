using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models.Fusion;
using ActorCluster.Storage;
using ActorCluster.Training.Evaluation;

namespace ActorCluster.Training.Tests.Evaluation;

[Collection(nameof(TrainedSynthetic))]
public sealed class EvaluatorTests(TrainedSynthetic trained)
{
    [Fact]
    public void Run_ValidationVideos_ScoresWhatTrainingSaid()
    {
        var result = trained.Evaluate(trained.Inputs, DatasetSplit.Validation);
        var said = trained.Outcome.Best!.Validation;
        Assert.Equal(said.SmoothedF1, result.Smoothed.All.Score.MacroF1);
        Assert.Equal(said.VotedF1, result.Voted.All.Score.MacroF1);
        Assert.Equal(said.Accuracy, result.Smoothed.All.Score.Accuracy);
        Assert.Equal(["video5", "video6"], result.PerVideo.Select(v => v.Id));
        Assert.Equal(said.Frames, result.PerVideo.Sum(v => v.Score.Frames));
        Assert.InRange(result.Smoothed.WithFace.Score.Frames, 1, said.Frames - 1);
    }

    [Fact]
    public void Run_StepsOfPrediction_DifferAndAreThoseOfTheSweep()
    {
        var result = trained.Tested;
        Assert.NotEqual(result.Raw.All.Score.Confusion.Counts.ToArray(), result.Voted.All.Score.Confusion.Counts.ToArray());
        Assert.NotEqual(result.Voted.All.Score.Confusion.Counts.ToArray(), result.Smoothed.All.Score.Confusion.Counts.ToArray());
        Assert.Equal(result.Voted.All.Score.MacroF1 - result.Raw.All.Score.MacroF1, result.VotingGain.MacroF1.Estimate, 12);
        Assert.Equal(result.Smoothed.All.Score.MacroF1 - result.Voted.All.Score.MacroF1, result.SmoothingGain.MacroF1.Estimate, 12);
        var (unfiltered, inUse) = (result.Smoothing.Single(s => s.Kernel == 1), result.Smoothing.Single(s => s.Kernel == 5));
        Assert.Equal((result.Voted.All.Score.MacroF1, result.Voted.All.Score.Accuracy), (unfiltered.MedianF1, unfiltered.MedianAccuracy));
        Assert.Equal(unfiltered.MedianF1, unfiltered.MeanF1);
        Assert.Equal((result.Smoothed.All.Score.MacroF1, result.Smoothed.All.Score.Accuracy), (inUse.MedianF1, inUse.MedianAccuracy));
        Assert.NotEqual(inUse.MedianF1, inUse.MeanF1);

        // Episodes last a second at most here, so a filter of eight seconds sees little of them.
        Assert.True(result.Smoothing[^1].MedianF1 < result.BestMedian.MedianF1 - 0.3, $"{result.Smoothing[^1]}");
        Assert.Equal(result.Smoothing.Max(s => s.MedianF1), result.BestMedian.MedianF1);
    }

    [Fact]
    public void Run_VideoOfOneWindow_HasNothingToVoteOn()
    {
        var result = trained.Evaluate([.. trained.All.Where(v => v.Id is "video3")], DatasetSplit.Test);
        Assert.Equal(result.Raw.All.Score.Confusion.Counts.ToArray(), result.Voted.All.Score.Confusion.Counts.ToArray());
        Assert.Equal(0, result.VotingGain.MacroF1.Estimate);
    }

    [Fact]
    public void Run_HiddenModalities_AreHiddenByMasksAlone()
    {
        var result = trained.Tested;
        Assert.Equal(
            ["video and audio", "video only", "10 % of the faces missing", "25 % of the faces missing", "50 % of the faces missing", "90 % of the faces missing", "audio only"],
            result.Robustness.Select(r => r.Condition));
        var everything = result.Robustness[0];
        Assert.Equal(result.Smoothed.All.Score.Confusion.Counts.ToArray(), everything.All.Score.Confusion.Counts.ToArray());
        Assert.Equal((0, 0), (everything.Difference.MacroF1.Low, everything.Difference.MacroF1.High));
        Assert.Null(everything.Hidden);
        double[] shares = [0, 0, 0.10, 0.25, 0.50, 0.90, 1];
        Assert.All(result.Robustness.Zip(shares), r => Assert.Equal(r.Second, r.First.HiddenFaces, 0.01));

        // Faces tell more than voices here (20 values to 12), and fewer faces tell less.
        var f1 = result.Robustness.Select(r => r.All.Score.MacroF1).ToList();
        Assert.True(f1[2] > f1[5] && f1[5] >= f1[6] - 0.05, string.Join(", ", f1));
        Assert.Equal(f1[6] - f1[0], result.Robustness[6].Difference.MacroF1.Estimate, 12);
        Assert.Equal(result.Smoothed.WithFace.Score.Frames, result.Robustness[6].Hidden!.Score.Frames);

        // What is hidden by masks is as if it had never been there.
        var faceless = WithoutFaces();
        Assert.Equal(result.Robustness[6].All.Score.Confusion.Counts.ToArray(), trained.Evaluate(faceless, DatasetSplit.Test).Smoothed.All.Score.Confusion.Counts.ToArray());
    }

    [Fact]
    public void Run_NetworkOfOneModality_LeavesOutWhatItCannotMiss()
    {
        using var classified = FusionCheckpoint.Open(trained.Checkpoint);
        EvaluationResult Run(Modalities modalities) => trained.Evaluate(trained.All, DatasetSplit.Test, network: new FusionNetwork(classified.Config with { Modalities = modalities }, seed: 1));
        Assert.Equal(["video and audio"], Run(Modalities.Audio).Robustness.Select(r => r.Condition));
        Assert.Equal(5, Run(Modalities.Video).Robustness.Length);
    }

    [Fact]
    public void Run_Calibration_ScoresEveryVideoOnceAndByOtherFolds()
    {
        var result = trained.Tested;
        var calibration = result.Calibration!;
        Assert.Equal(result.PerVideo.Select(v => v.Id), calibration.Folds.SelectMany(f => f).Order(StringComparer.Ordinal));
        Assert.Equal((5, 5), (calibration.Folds.Length, calibration.Biases.Length));
        Assert.Equal(result.Smoothed.All.Score.Frames, calibration.Calibrated.Score.Frames);
        Assert.Equal(calibration.Calibrated.Score.MacroF1 - result.Smoothed.All.Score.MacroF1, calibration.Difference.MacroF1.Estimate, 12);
        Assert.Contains(calibration.Biases, b => b.Any(v => v != 0));
    }

    [Fact]
    public void Run_CalibrationWithoutOtherVideos_IsRefused()
    {
        var settings = TrainedSynthetic.Settings with { Calibrate = true };
        var one = Assert.Throws<InputFaultException>(() => trained.Evaluate([trained.All[0]], DatasetSplit.Test, settings));
        Assert.Contains("one video only", one.Cause, StringComparison.Ordinal);
        var labels = settings with { Voting = settings.Voting with { MedianOver = MedianOver.Labels } };
        Assert.Contains("voting.medianOver", Assert.Throws<ArgumentException>(() => trained.Evaluate(trained.All, DatasetSplit.Test, labels)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WindowsOfAnotherLength_AreRefused()
    {
        var settings = TrainedSynthetic.Settings with { Windows = new WindowSettings(32, 8) };
        Assert.Contains("windows of 16 frames", Assert.Throws<ArgumentException>(() => trained.Evaluate(trained.All, DatasetSplit.Test, settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FeaturesOfOtherEncoders_AreRefusedByName()
    {
        var config = FusionCheckpoint.ReadConfig(trained.Checkpoint);
        var foreign = config with { VisualEncoder = new TrainedEncoder("resnet", "r1") };
        var message = Assert.Throws<InputFaultException>(() => EvaluationSet.Open(trained.Inputs, DatasetSplit.Validation, foreign)).Message;
        Assert.Contains("video5: its visual features are of beit-test (a1) with 20 values; the network was trained with resnet (r1)", message, StringComparison.Ordinal);
        Assert.DoesNotContain("audio features", message, StringComparison.Ordinal);
        message = Assert.Throws<InputFaultException>(() => EvaluationSet.Open(trained.Inputs, DatasetSplit.Test, config)).Message;
        Assert.Contains("No usable video is in the split 'test'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NotANumber_IsRefusedByVideoAndFrame()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        long offset;
        using (var file = SafetensorsFile.Open(inputs[6].Features))
        {
            offset = file.Find("visual").Offset + (50 * SyntheticVideos.VisualWidth * 2);
        }

        using (var stream = File.OpenWrite(inputs[6].Features))
        {
            stream.Position = offset;
            stream.Write(BitConverter.GetBytes(Half.PositiveInfinity));
        }

        var message = Assert.Throws<InputFaultException>(() => EvaluationSet.Open(inputs, DatasetSplit.Validation, FusionCheckpoint.ReadConfig(trained.Checkpoint))).Message;
        Assert.Contains("video6: ", message, StringComparison.Ordinal);
        Assert.Contains("visual features of frame 51 hold NaN or infinity", message, StringComparison.Ordinal);
    }

    private TrainingInput[] WithoutFaces()
    {
        var to = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(trained.Checkpoint)!, "faceless")).FullName;
        return [.. trained.All.Select(input =>
        {
            using var source = FrameFeatureFile.Open(input.Features);
            var path = Path.Combine(to, input.Id + ".safetensors");
            FrameFeatureFile.Write(path, source.Info, (a, b) =>
            {
                var audio = new Half[(b - a) * SyntheticVideos.AudioWidth];
                source.ReadAudio(a, System.Runtime.InteropServices.MemoryMarshal.AsBytes(audio.AsSpan()));
                return new FrameFeatureRows(new Half[(b - a) * SyntheticVideos.VisualWidth], audio, new bool[b - a], [.. source.AudioPresent[a..b]], [.. source.Decoded[a..b]]);
            });
            return input with { Features = path };
        })];
    }
}
