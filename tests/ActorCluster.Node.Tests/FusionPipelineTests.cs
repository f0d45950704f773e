using ActorCluster.Core;
using ActorCluster.Storage;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Node.Tests;

/// <summary>Pipelines with BEiT, WavLM and the fusion network, as small random checkpoints, on real clips.</summary>
public sealed class FusionPipelineTests
{
    [Fact]
    public async Task Process_RealClips_EveryFrameHasARowThatFaceAndVoiceVotedFor()
    {
        using var sandbox = Prepare(Clips.Speaker, Clips.Portrait);
        (await RunAsync(sandbox, TinyModels.Pipeline(sandbox))).Expect(0);

        var (speaker, portrait) = (Read(sandbox, "hello-crop"), Read(sandbox, "astronaut-speech"));
        Assert.Equal((249, 125), (speaker.Count, portrait.Count));
        Assert.All(speaker.Flags, f => Assert.True(f.HasFlag(FrameFlags.FacePresent | FrameFlags.Decoded) && !f.HasFlag(FrameFlags.Imputed)));
        Assert.All(portrait.Flags, f => Assert.True(f.HasFlag(FrameFlags.FacePresent | FrameFlags.Decoded)));
        Assert.Contains(portrait.Flags, f => f.HasFlag(FrameFlags.AudioPresent));

        // Chunks and segments of a second each, and the levels of both: AAC's last block makes the portrait's 5 s of sound 5.12 s.
        var stored = Directory.GetFiles(Path.Combine(sandbox.Data, "features"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).ToList();
        Assert.Equal(9 + 6 + 2, stored.Count(f => f!.StartsWith("audio", StringComparison.Ordinal)));
        Assert.Equal(14, stored.Count(f => !f!.StartsWith("audio", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Process_KilledAgainAndAgain_SameBytesAsUndisturbed()
    {
        using var sandbox = Prepare((await Clips.LongAsync())[..2]);
        var pipeline = TinyModels.Pipeline(sandbox);
        sandbox.Data = sandbox.InFolder("calm");
        (await RunAsync(sandbox, pipeline)).Expect(0);
        var (calm, units) = (sandbox.Predictions(), sandbox.StoredUnits);

        sandbox.Data = sandbox.InFolder("killed");
        foreach (var share in (double[])[0.1, 0.4, 0.6, 0.9])
        {
            using var process = ActorClusterProcess.Start(Arguments(sandbox, pipeline));
            await process.UntilAsync(() => sandbox.StoredUnits >= units * share, $"{share:P0} of {units} units are stored");
            process.Kill();
            await process.EndAsync();
        }

        (await RunAsync(sandbox, pipeline)).Expect(0);
        Assert.Equal(calm, sandbox.Predictions());
        await sandbox.LeavesNothingBehindAsync();
    }

    [Fact]
    public async Task Process_AnotherFusionCheckpoint_ReusesAllFeaturesAndDecodesNothing()
    {
        using var sandbox = Prepare((await Clips.ShortAsync())[..1]);
        (await RunAsync(sandbox, TinyModels.Pipeline(sandbox))).Expect(0);
        var first = sandbox.Predictions();
        Assert.True(sandbox.Summary.Chunks.Started > 0);

        TinyModels.WriteFusion(sandbox.InFolder("models"), "other-fusion", seed: 4);
        (await ActorClusterProcess.RunAsync(Arguments(sandbox, TinyModels.Pipeline(sandbox, "other", "other-fusion"), "other"))).Expect(0);
        var run = new DataDirectory(sandbox.Data).Run("other");
        using var summary = File.OpenRead(run.Summary);
        Assert.Equal(0, RunSummaryJson.Read(summary).Chunks.Started);
        Assert.NotEqual(first["short-0.csv"], File.ReadAllBytes(run.PredictionCsv("short-0")));
    }

    [Fact]
    public async Task Process_AnySlots_SameBytes()
    {
        using var sandbox = Prepare((await Clips.ShortAsync())[..2]);
        var pipeline = TinyModels.Pipeline(sandbox, precision: "bfloat16");
        (await RunAsync(sandbox, pipeline)).Expect(0);
        var first = sandbox.Predictions();
        sandbox.Data = sandbox.InFolder("one");
        (await ActorClusterProcess.RunAsync([.. Arguments(sandbox, pipeline), "--slots", "1"])).Expect(0);
        Assert.Equal(first, sandbox.Predictions());
    }

    [Fact]
    public async Task Process_AlignedCropsAndWholeFrames_AreTakenAsTheyAre()
    {
        using var sandbox = Prepare((await Clips.ShortAsync())[..1]);
        var crops = Directory.CreateDirectory(sandbox.InFolder("crops")).FullName;
        await Tool.RunAsync("ffmpeg", ["-loglevel", "error", "-i", Path.Combine(sandbox.Videos, "short-0.mp4"), "-vf", "crop=112:112", Path.Combine(crops, "%05d.jpg")]);
        File.Delete(Path.Combine(crops, "00003.jpg"));
        File.WriteAllText(Path.Combine(crops, "00005.jpg"), "This is no picture.");
        var manifest = sandbox.InFolder("manifest.csv");
        await File.WriteAllTextAsync(manifest, $"id,uri,faces\nclip,{Path.Combine(sandbox.Videos, "short-0.mp4")},{crops}\n");

        var aligned = await RunAsync(sandbox, TinyModels.Pipeline(sandbox, "aligned", faces: "aligned"), manifest, "aligned");
        Assert.Equal(Clips.Rate, aligned.Count);
        Assert.Equal([2, 4], Enumerable.Range(0, Clips.Rate).Where(i => !aligned.Flags[i].HasFlag(FrameFlags.FacePresent)));
        Assert.Equal([4], Enumerable.Range(0, Clips.Rate).Where(i => !aligned.Flags[i].HasFlag(FrameFlags.Decoded)));

        var whole = await RunAsync(sandbox, TinyModels.Pipeline(sandbox, "whole", faces: "none"), manifest, "whole");
        Assert.All(whole.Flags, f => Assert.True(f.HasFlag(FrameFlags.FacePresent | FrameFlags.Decoded)));
    }

    [Fact]
    public async Task Process_FusionOfAnotherEncoder_IsRefusedByName()
    {
        using var sandbox = Prepare((await Clips.ShortAsync())[..1]);
        TinyCheckpoints.WriteBeit(Path.Combine(sandbox.InFolder("models"), "tiny-beit"), new(), seed: 77);
        var result = (await RunAsync(sandbox, TinyModels.Pipeline(sandbox))).Expect(1);
        Assert.Contains("tiny-beit", result.Error, StringComparison.Ordinal);
    }

    private static Sandbox Prepare(params string[] clips)
    {
        var sandbox = new Sandbox();
        sandbox.AddAll(clips);
        TinyModels.Write(sandbox.InFolder("models"));
        return sandbox;
    }

    private static string[] Arguments(Sandbox sandbox, string pipeline, string run = "test") =>
        ["process", sandbox.Videos, "--data", sandbox.Data, "--run", run, "--pipeline", pipeline, "--models", sandbox.InFolder("models")];

    private static Task<ProcessResult> RunAsync(Sandbox sandbox, string pipeline) => ActorClusterProcess.RunAsync(Arguments(sandbox, pipeline));

    private static async Task<FramePredictions> RunAsync(Sandbox sandbox, string pipeline, string manifest, string run)
    {
        (await ActorClusterProcess.RunAsync(["process", manifest, .. Arguments(sandbox, pipeline, run)[2..]])).Expect(0);
        using var file = File.OpenRead(new DataDirectory(sandbox.Data).Run(run).PredictionCsv("clip"));
        return PredictionCsvReader.Read(file);
    }

    private static FramePredictions Read(Sandbox sandbox, string id)
    {
        using var file = File.OpenRead(sandbox.Results.PredictionCsv(id));
        return PredictionCsvReader.Read(file);
    }
}
