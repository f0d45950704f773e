using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Windows;

namespace ActorCluster.Training.Tests;

public sealed class WindowSamplerTests
{
    private static readonly WindowSettings Windows = new(16, 8);

    [Fact]
    public void At_EveryEpoch_HasEveryLabelledWindowOnce()
    {
        using var folder = new TempFolder();
        using var set = TrainingSet.Open(SyntheticVideos.Write(folder.Path));
        var sampler = new WindowSampler(set.Train, Windows, 16, seed: 3);
        var expected = new List<(int, int)>();
        for (var v = 0; v < set.Train.Length; v++)
        {
            var plan = new WindowPlan(set.Train[v].Features.Count, Windows);
            expected.AddRange(Enumerable.Range(0, plan.Count)
                .Where(w => set.Train[v].Labels.AsSpan(plan[w].Start, plan[w].Length).ToArray().Any(l => l >= 0)).Select(w => (v, w)));
        }

        Assert.Equal(expected.Count, sampler.Windows);
        Assert.Equal((expected.Count + 15) / 16, sampler.Steps);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            Assert.Equal(expected, Epoch(sampler, epoch).Order());
        }

        Assert.NotEqual(Epoch(sampler, 0), Epoch(sampler, 1));
    }

    [Fact]
    public void At_SameSeed_HasTheSameOrderWhereverItStarts()
    {
        using var folder = new TempFolder();
        using var set = TrainingSet.Open(SyntheticVideos.Write(folder.Path));
        WindowSampler Sampler(long seed) => new(set.Train, Windows, 16, seed);
        var whole = Sampler(3);
        var late = Sampler(3);
        Assert.Equal(late.At(2, 4), whole.At(2, 4));
        Assert.Equal(Epoch(whole, 0), Epoch(late, 0));
        Assert.NotEqual(Epoch(whole, 0), Epoch(Sampler(4), 0));
    }

    [Fact]
    public void Load_FromTheMiddle_HasTheTailsTensors()
    {
        using var folder = new TempFolder();
        using var set = TrainingSet.Open(SyntheticVideos.Write(folder.Path));
        var sampler = new WindowSampler(set.Train, Windows, 16, seed: 3);
        using var loader = new BatchLoader(set.Train, sampler, SyntheticVideos.Config.ToFusion(set, Models.Fusion.Modalities.Both));
        var whole = loader.Load(1, 0).Select(Bytes).ToList();
        Assert.Equal(sampler.Steps, whole.Count);
        Assert.Equal(whole.Skip(5), loader.Load(1, 5).Select(Bytes));
        Assert.Equal(whole.Take(2), loader.Load(1, 0).Take(2).Select(Bytes)); // Left before its end, it stops reading.
        Assert.Equal(whole, loader.Load(1, 0).Select(Bytes));
    }

    [Fact]
    public void Load_AnyBatch_HoldsWhatTheFilesHold()
    {
        using var folder = new TempFolder();
        using var set = TrainingSet.Open(SyntheticVideos.Write(folder.Path));
        var sampler = new WindowSampler(set.Train, Windows, 16, seed: 3);
        using var loader = new BatchLoader(set.Train, sampler, SyntheticVideos.Config.ToFusion(set, Models.Fusion.Modalities.Both));
        var step = 0;
        foreach (var batch in loader.Load(0, 0))
        {
            var windows = sampler.At(0, step++).ToList();
            Assert.Equal(windows.Count, batch.Count);
            var (visual, frames, faces, labels) = (batch.Input.Visual.bytes.ToArray(), batch.Input.Frames.bytes.ToArray(), batch.Input.VisualPresent.bytes.ToArray(), batch.Labels.data<long>().ToArray());
            for (var w = 0; w < 16; w++)
            {
                var length = w < windows.Count ? windows[w].Window.Length : 0;
                for (var i = 0; i < 16; i++)
                {
                    var at = (w * 16) + i;
                    Assert.Equal(i < length ? 1 : 0, frames[at]);
                    if (i >= length)
                    {
                        Assert.Equal((-1, 0), ((int)labels[at], (int)faces[at]));
                        continue;
                    }

                    var (video, frame) = (set.Train[windows[w].Video], windows[w].Window.Start + i);
                    Assert.Equal((video.Labels[frame], video.Features.FacePresent[frame]), ((sbyte)labels[at], faces[at] == 1));
                    var row = new byte[SyntheticVideos.VisualWidth * 2];
                    video.Features.ReadVisual(frame, row);
                    Assert.Equal(row, visual[(at * row.Length)..((at + 1) * row.Length)]);
                }
            }
        }

        Assert.Equal(sampler.Steps, step);
    }

    [Fact]
    public void Load_OneModality_NeverSaysThatTheOtherIsThere()
    {
        using var folder = new TempFolder();
        using var set = TrainingSet.Open(SyntheticVideos.Write(folder.Path));
        var sampler = new WindowSampler(set.Train, Windows, 16, seed: 3);
        using var loader = new BatchLoader(set.Train, sampler, SyntheticVideos.Config.ToFusion(set, Models.Fusion.Modalities.Audio));
        Assert.All(loader.Load(0, 0).Select(b => (b.Input.VisualPresent.any().item<bool>(), b.Input.AudioPresent.any().item<bool>())), m => Assert.Equal((false, true), m));
    }

    [Fact]
    public void Load_FileCutShort_NamesIt()
    {
        using var folder = new TempFolder();
        var inputs = SyntheticVideos.Write(folder.Path);
        using var set = TrainingSet.Open(inputs);
        using (var file = new FileStream(inputs[2].Features, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(2000);
        }

        var sampler = new WindowSampler(set.Train, Windows, 16, seed: 3);
        using var loader = new BatchLoader(set.Train, sampler, SyntheticVideos.Config.ToFusion(set, Models.Fusion.Modalities.Both));
        var failure = Assert.Throws<Storage.FeatureFileException>(() => loader.Load(0, 0).Count());
        Assert.Contains("video2", failure.Message, StringComparison.Ordinal);
    }

    private static List<(int Video, int Window)> Epoch(WindowSampler sampler, int epoch) =>
        [.. Enumerable.Range(0, sampler.Steps).SelectMany(step => sampler.At(epoch, step)).Select(w => (w.Video, w.Window.Index))];

    private static string Bytes(WindowBatch batch) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
        [.. batch.Input.Frames.bytes, .. batch.Labels.bytes, .. batch.Input.VisualPresent.bytes, .. batch.Input.AudioPresent.bytes]));
}
