using ActorCluster.Storage;

namespace ActorCluster.Node.Tests;

public sealed class BadInputTests
{
    private static readonly string[] BadNames = ["it's \"quoted\".mp4", "two  spaces.mp4", "line\nbreak.mp4", "%03d.mp4", "-leading.mp4", "[a].mp4", "file:http.mp4"];

    [Fact]
    public async Task Process_BadFilesAmongGoodOnes_QuarantinesEachByCause()
    {
        using var sandbox = new Sandbox();
        var clip = (await Clips.ShortAsync())[0];
        foreach (var name in BadNames)
        {
            sandbox.Add(clip, name);
        }

        await Tool.RunAsync("ffmpeg", "-loglevel", "error", "-i", clip, "-c:v", "copy", "-an", Path.Combine(sandbox.Videos, "silent.mp4"));
        await Tool.RunAsync("ffmpeg", "-loglevel", "error", "-i", clip, "-c:a", "copy", "-vn", Path.Combine(sandbox.Videos, "audio-only.mp4"));
        await File.WriteAllBytesAsync(Path.Combine(sandbox.Videos, "empty.mp4"), []);
        await File.WriteAllTextAsync(Path.Combine(sandbox.Videos, "text.mp4"), "This is not a video, whatever its name says.\n");
        var manifest = sandbox.InFolder("more.csv");
        await File.WriteAllTextAsync(manifest, $"id,uri\nmissing,{sandbox.InFolder("missing.mp4")}\n");

        var result = (await ActorClusterProcess.RunAsync(sandbox.Process(manifest))).Expect(3);

        var summary = sandbox.Summary;
        Assert.Equal(new RunCounts(12, 8, 4, 0), summary.Counts);
        Assert.Contains("12 registered = 8 completed + 4 quarantined + 0 cancelled", result.Output);
        var quarantine = await File.ReadAllTextAsync(sandbox.Results.Quarantine);
        Assert.StartsWith("id,uri,stage,cause,attempts,tool_output\r\n", quarantine);
        foreach (var (id, cause) in ((string, string)[])
        [
            ("missing", "There is no such file"), ("empty", "The file is empty (0 bytes)"), ("text", "moov atom"), ("audio-only", "no video stream"),
        ])
        {
            var video = summary.Videos.Single(v => v.Id == id);
            Assert.Equal((VideoStatus.Quarantined, "probe"), (video.Status, video.Fault!.Stage));
            Assert.Contains(cause, video.Fault.Cause, StringComparison.OrdinalIgnoreCase);
            Assert.Contains($"\r\n{id},", quarantine);
            Assert.Contains(video.Fault.Cause.Replace("\"", "\"\"", StringComparison.Ordinal), quarantine);
            Assert.Contains($"quarantined: {id}: probe: ", result.Output);
            Assert.Empty(video.Files);
        }

        foreach (var name in (string[])[.. BadNames, "silent.mp4"])
        {
            var video = summary.Videos.Single(v => v.Uri == Path.Combine(sandbox.Videos, name));
            Assert.Equal(VideoStatus.Completed, video.Status);
            var rows = await File.ReadAllLinesAsync(Path.Combine(sandbox.Results.Root, Assert.Single(video.Files)));
            Assert.Equal(1 + Clips.Rate, rows.Length);
            Assert.All(rows.Skip(1), row => Assert.Equal(name != "silent.mp4", row.Split(',')[12] == "true"));
        }

        Assert.Equal(8, sandbox.Predictions().Count);
        await sandbox.LeavesNothingBehindAsync();
    }

    [Fact]
    public async Task Process_OptionLikeNameAfterDoubleDash_IsAFile()
    {
        using var sandbox = new Sandbox();
        sandbox.Add((await Clips.ShortAsync())[0], "-v.mp4");

        (await ActorClusterProcess.RunAsync(["process", "--data", sandbox.Data, "--run", "test", "--", "-v.mp4"], folder: sandbox.Videos)).Expect(0);

        Assert.Equal(1, sandbox.Summary.Counts.Completed);
    }
}
