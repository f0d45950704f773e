using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Storage;

namespace ActorCluster.Training.Tests;

public sealed class TrainingSetTests
{
    [Fact]
    public void Open_GoodVideos_KnowsCountsPriorAndEncoders()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        using var set = TrainingSet.Open([.. inputs.Reverse()]);
        Assert.Equal((5, 2), (set.Train.Length, set.Validation.Length));
        Assert.Equal(set.Train.Sum(v => v.Labels.Count(l => l >= 0)), set.TrainCounts.Sum());
        Assert.Equal(1, set.Prior.Sum(), 12);
        Assert.All(set.Prior, p => Assert.True(p > 0));
        Assert.Equal((SyntheticVideos.Visual, SyntheticVideos.AudioWidth), (set.Visual, set.AudioWidth));
        using var again = TrainingSet.Open(inputs);
        Assert.Equal(again.Hash, set.Hash);
    }

    [Fact]
    public void Open_EveryProblem_IsNamedAtOnce()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path).ToArray();
        inputs[0] = inputs[0] with { Labels = folder.File("nowhere.txt") };
        inputs[1] = inputs[1] with { Labels = inputs[2].Labels };
        inputs[3] = inputs[3] with { Labels = null };
        inputs[4] = inputs[4] with { Features = folder.File("missing.safetensors") };
        inputs[5] = inputs[5] with { Split = DatasetSplit.Train };
        inputs[6] = inputs[6] with { Split = DatasetSplit.Test };
        var message = Assert.Throws<InputFaultException>(() => TrainingSet.Open(inputs)).Message;
        Assert.Contains("nowhere.txt' does not exist", message, StringComparison.Ordinal);
        Assert.Contains("video1 has 190 frames but 300 labels", message, StringComparison.Ordinal);
        Assert.Contains("video3: ", message, StringComparison.Ordinal);
        Assert.Contains("missing.safetensors", message, StringComparison.Ordinal);
        Assert.Contains("No usable video is in the split 'validation'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FeaturesOfAnotherEncoder_NamesVideoAndBoth()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path).ToArray();
        var info = SyntheticVideos.Info("video1", 190) with { Visual = new EncoderOrigin("other", "resnet", "r1"), VisualWidth = 3 };
        FrameFeatureFile.Write(inputs[1].Features, info, (a, b) => new FrameFeatureRows(
            new Half[(b - a) * 3], new Half[(b - a) * SyntheticVideos.AudioWidth], new bool[b - a], new bool[b - a], new bool[b - a]));
        var message = Assert.Throws<InputFaultException>(() => TrainingSet.Open(inputs)).Message;
        Assert.Contains("video1: its features are of resnet (3)", message, StringComparison.Ordinal);
        Assert.Contains("beit-test (20)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NotANumberAmongFeatures_NamesVideoAndFrame()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        long offset;
        using (var file = SafetensorsFile.Open(inputs[2].Features))
        {
            offset = file.Find("audio").Offset + (100 * SyntheticVideos.AudioWidth * 2);
        }

        using (var stream = File.OpenWrite(inputs[2].Features))
        {
            stream.Position = offset;
            stream.Write(BitConverter.GetBytes(Half.NaN));
        }

        var message = Assert.Throws<InputFaultException>(() => TrainingSet.Open(inputs)).Message;
        Assert.Contains("video2: ", message, StringComparison.Ordinal);
        Assert.Contains("audio features of frame 101 hold NaN", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ClassWithoutSample_IsNoticedAndWeighsNothing()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        foreach (var input in inputs)
        {
            LabelFile labels;
            using (var stream = File.OpenRead(input.Labels!))
            {
                labels = LabelFile.Read(stream, input.Labels!);
            }

            using var output = File.Create(input.Labels!);
            LabelFile.Write(output, [.. labels.Labels.Select(l => l == (sbyte)Expression.Fear ? (sbyte)-1 : l)]);
        }

        using var set = TrainingSet.Open(inputs);
        Assert.Contains(set.Notices, n => n.Contains("No training frame is labelled Fear", StringComparison.Ordinal));
        Assert.Contains(set.Notices, n => n.Contains("No validation frame is labelled Fear", StringComparison.Ordinal));
        var weights = set.Weights(ClassWeighting.Balanced);
        Assert.Equal(0, weights[(int)Expression.Fear]);
        Assert.Equal(1, Enumerable.Range(0, 8).Sum(k => weights[k] * set.TrainCounts[k]) / set.TrainCounts.Sum(), 12);
    }
}
