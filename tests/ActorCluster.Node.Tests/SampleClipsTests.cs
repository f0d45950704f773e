using System.Globalization;
using ActorCluster.Core;
using ActorCluster.Storage;

namespace ActorCluster.Node.Tests;

public sealed class SampleClipsTests
{
    private const string Header =
        "frame,pts_seconds,label,p_neutral,p_anger,p_disgust,p_fear,p_happiness,p_sadness,p_surprise,p_other,face_present,audio_present,imputed,decoded";

    [Fact]
    public async Task Process_SampleClips_PredictsWhatTheyShow()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(Clips.Speaker, Clips.Portrait);

        var result = (await ActorClusterProcess.RunAsync(sandbox.Process())).Expect(0);

        var speaker = Read(sandbox, "hello-crop");
        Assert.Equal(249, speaker.Count);
        Assert.True(Share(speaker, f => speaker.Labels[f] == Expression.Neutral) >= 0.8);
        Assert.True(Share(speaker, f => speaker.Flags[f].HasFlag(FrameFlags.FacePresent)) >= 0.95);
        var portrait = Read(sandbox, "astronaut-speech");
        Assert.Equal(125, portrait.Count);
        Assert.True(Share(portrait, f => portrait.Labels[f] == Expression.Happiness) >= 0.9);
        Assert.All([speaker, portrait], p => Assert.All(p.Flags, flags => Assert.True(flags.HasFlag(FrameFlags.Decoded))));

        Assert.Contains("2 registered = 2 completed + 0 quarantined + 0 cancelled", result.Output);
        Assert.Matches(@"Speed: \d+ frames/s, \d+\.\dx real time, \d+ % of what binds: ", result.Output);
        Assert.Contains(sandbox.Results.Predictions, result.Output);
        Assert.Contains(sandbox.Results.Report, result.Output);
        Assert.Empty(result.Error);
        Assert.Contains("hello-crop", await File.ReadAllTextAsync(sandbox.Results.Report));
        var summary = sandbox.Summary;
        Assert.Equal((new RunCounts(2, 2, 0, 0), 374L, 0L), (summary.Counts, summary.Frames, summary.Chunks.Redone));
        await sandbox.LeavesNothingBehindAsync();
    }

    private static FramePredictions Read(Sandbox sandbox, string id)
    {
        var lines = File.ReadAllLines(sandbox.Results.PredictionCsv(id));
        Assert.Equal(Header, lines[0]);
        Assert.All(lines.Skip(1), (line, i) =>
        {
            var fields = line.Split(',');
            Assert.Equal($"{i + 1}", fields[0]);
            Assert.Equal(1m, fields[3..11].Sum(p => decimal.Parse(p, CultureInfo.InvariantCulture)));
        });
        using var file = File.OpenRead(sandbox.Results.PredictionCsv(id));
        return PredictionCsv.Read(file);
    }

    private static double Share(FramePredictions predictions, Func<int, bool> holds) => Enumerable.Range(0, predictions.Count).Count(holds) / (double)predictions.Count;
}
