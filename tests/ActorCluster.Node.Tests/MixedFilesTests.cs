using Xunit.Abstractions;

namespace ActorCluster.Node.Tests;

/// <summary>Files of several kinds, good and bad, in a run that is killed again and again.</summary>
public sealed class MixedFilesTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;
    private const int Kills = 25;
    private const int Slots = 2;

    [Fact]
    public async Task Process_MixedFilesKilledTwentyFiveTimes_LosesNothing()
    {
        using var sandbox = new Sandbox();
        await AddMixedFilesAsync(sandbox);
        string[] options = ["--pipeline", sandbox.OneSecondChunks(), "--format", "both", "--slots", $"{Slots}"];
        sandbox.Data = sandbox.InFolder("calm");
        (await ActorClusterProcess.RunAsync(sandbox.Process(options))).Expect(3);
        var (calm, units, published) = (sandbox.Predictions(), sandbox.StoredUnits, sandbox.Summary.Counts.Completed);

        sandbox.Data = sandbox.InFolder("killed");
        var random = new Random(Seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Moments spread over the whole run, some of them right after a start, when the last life's work is taken up again.
            var at = (kill * units / Kills) + random.Next(0, 2);
            using var process = ActorClusterProcess.Start(sandbox.Process(options));
            await process.UntilAsync(() => sandbox.StoredUnits >= at && Directory.Exists(sandbox.Results.Predictions), $"{at} of {units} units are stored");
            process.Kill();
            await process.EndAsync();
            output.WriteLine($"seed {Seed}, kill {kill + 1}: aimed at {at} of {units} stored units, hit at {sandbox.StoredUnits}");
        }

        (await ActorClusterProcess.RunAsync(sandbox.Process(options))).Expect(3);

        var predictions = sandbox.Predictions();
        Assert.Equal(calm.Keys, predictions.Keys);
        Assert.All(predictions, p => Assert.True(p.Value.AsSpan().SequenceEqual(calm[p.Key]), $"{p.Key} differs"));
        var summary = sandbox.Summary;
        output.WriteLine($"{summary.Counts} {summary.Chunks}");
        Assert.Equal((published, 2L), (summary.Counts.Completed, summary.Counts.Quarantined));
        Assert.Equal(units, summary.Chunks.Planned);
        Assert.InRange(summary.Chunks.Redone, 0, Slots * Kills);
        await sandbox.LeavesNothingBehindAsync();
    }

    /// <summary>Chunks by seeking and by sequential decoding, with and without audio, and two files that end in quarantine.</summary>
    private static async Task AddMixedFilesAsync(Sandbox sandbox)
    {
        var clips = await Clips.LongAsync();
        sandbox.AddAll(clips[..2]);
        foreach (var (clip, name, codec) in new (string, string, string[])[]
        {
            (clips[2], "sequential.avi", ["-c:v", "mpeg4", "-q:v", "5", "-c:a", "libmp3lame"]),
            (clips[3], "stream.ts", ["-c", "copy"]),
            (clips[4], "silent.mkv", ["-c:v", "copy", "-an"]),
        })
        {
            await Tool.RunAsync("ffmpeg", ["-loglevel", "error", "-i", clip, .. codec, Path.Combine(sandbox.Videos, name)]);
        }

        await File.WriteAllTextAsync(Path.Combine(sandbox.Videos, "text.mp4"), "This is no video.");
        await File.WriteAllBytesAsync(Path.Combine(sandbox.Videos, "empty.mp4"), []);
    }
}
