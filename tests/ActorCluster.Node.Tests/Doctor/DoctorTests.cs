using System.Text.Json.Nodes;

namespace ActorCluster.Node.Tests.Doctor;

public sealed class DoctorTests : IDisposable
{
    private const string Header = "Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other\n";

    private readonly Sandbox _sandbox = new();

    public DoctorTests()
    {
        Directory.CreateDirectory(Path.Combine(Labels, "Train_Set"));
        Directory.CreateDirectory(Path.Combine(Labels, "Validation_Set"));
        Directory.CreateDirectory(Path.Combine(_sandbox.Videos, "batch1"));
        Directory.CreateDirectory(Crops);
    }

    private string Labels => _sandbox.InFolder("EXPR_Recognition_Challenge");

    private string Crops => _sandbox.InFolder("cropped_aligned");

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Doctor_CleanTree_ExitsWithZeroAndShowsTheClasses()
    {
        await VideoAsync("1-10-64x64.mp4", "sine=duration=2");
        WriteLabels("Train_Set/1-10-64x64", [.. Enumerable.Repeat(0, 15), .. Enumerable.Repeat(7, 5)]);
        WriteCrops("1-10-64x64", Enumerable.Range(1, 20).Select(f => $"{f:D5}.jpg"));

        var result = (await RunAsync()).Expect(0);

        Assert.Contains("Train_Set: 1 label files, 20 frames, 20 labelled, 0 of them without a crop", result.Output);
        Assert.Matches(@"Neutral +15 +75\.0 %", result.Output);
        Assert.EndsWith("0 problems, 0 notices\n", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Doctor_NoticesOnly_ExitsWithZero()
    {
        await VideoAsync("2-60-64x64.mp4", "sine=duration=4");
        await VideoAsync("silent.mp4", sound: null, filter: "select='not(between(n,5,9))'");
        WriteLabels("Train_Set/2-60-64x64_left", Enumerable.Repeat(1, 21));
        WriteLabels("Validation_Set/2-60-64x64_right", Enumerable.Repeat(-1, 19));
        WriteLabels("Train_Set/silent", Enumerable.Repeat(2, 15), header: "");
        WriteCrops("2-60-64x64_left", Enumerable.Range(1, 18).Select(f => $"{f:D5}.jpg").Append(".DS_Store"));
        WriteCrops("2-60-64x64_right", Enumerable.Range(1, 20).Select(f => $"{f:D5}.jpg"));
        WriteCrops("silent", Enumerable.Range(1, 15).Select(f => $"{f:D5}.jpg"));

        var result = (await RunAsync("--json")).Expect(0);

        var json = JsonNode.Parse(result.Output)!;
        Assert.Equal(0, json["problems"]!.GetValue<int>());
        Assert.Equal(2, json["videos_probed"]!.GetValue<int>());
        Assert.Equal(3, json["sets"]![0]!["labelled_without_crop"]!.GetValue<int>());
        Assert.All(json["findings"]!.AsArray(), f => Assert.Equal("notice", f!["severity"]!.GetValue<string>()));
        AssertFound(json, "2-60-64x64", "says 60 frames a second; the file has 10");
        AssertFound(json, "2-60-64x64", "The sound has 4.");
        AssertFound(json, "2-60-64x64", "persons are in different sets");
        AssertFound(json, "2-60-64x64_left", "The video has 20 frames, but there are labels for 21");
        AssertFound(json, "2-60-64x64_left", "3 of 21 frames have no crop, 3 of them are labelled");
        AssertFound(json, "2-60-64x64_left", "1 files are not crops: .DS_Store");
        AssertFound(json, "2-60-64x64_right", "No frame is labelled");
        AssertFound(json, "silent", "The header line is missing");
        AssertFound(json, "silent", "It has no sound");
        AssertFound(json, "silent", "The frame rate varies: 1 of 14 gaps");
    }

    [Fact]
    public async Task Doctor_WhatBreaksTraining_IsAllFoundAndExitsWithOne()
    {
        await VideoAsync("short.mp4", "sine=duration=2");
        await File.WriteAllTextAsync(Path.Combine(_sandbox.Videos, "broken.avi"), "not a video");
        WriteLabels("Train_Set/short", Enumerable.Repeat(3, 18));
        WriteLabels("Train_Set/broken", [1]);
        WriteLabels("Train_Set/absent", [1]);
        WriteLabels("Train_Set/range", [1, 9]);
        WriteLabels("Train_Set/twice", [1]);
        WriteLabels("Validation_Set/twice", [1]);
        WriteCrops("short", ["00000.jpg", "00001.jpg", "000001.jpg", "00025.jpg"]);
        WriteCrops("broken", []);
        var template = _sandbox.InFolder("template.txt");
        await File.WriteAllTextAsync(template, "image_location," + Header + "short/00001.jpg,\nshort/00030.jpg,\nunknown/00001.jpg,\n");

        var result = (await RunAsync("--json", "--template", template)).Expect(1);

        var json = JsonNode.Parse(result.Output)!;
        AssertFound(json, "short", "The video has 20 frames, but there are labels for 18");
        AssertFound(json, "short", "The video has 20 frames, but the template asks for 30");
        AssertFound(json, "short", "Crops count from 00000.jpg");
        AssertFound(json, "short", "1 crops are there twice: 000001.jpg and 00001.jpg");
        AssertFound(json, "short", "1 crops do not have 5 digits, so that no frame finds them: 000001.jpg");
        AssertFound(json, "short", "The last crop is that of frame 25, but there are 18 labels");
        AssertFound(json, "broken", "The folder of crops is empty");
        AssertFound(json, "absent", "There is no video file 'absent'");
        AssertFound(json, "absent", "There is no folder of crops of this name");
        AssertFound(json, "range", "line 3: '9' is not a label");
        AssertFound(json, "twice", "There are 2 label files of this name");
        AssertFound(json, "unknown", "There is no video file 'unknown'");
        Assert.Contains(json["findings"]!.AsArray(), f => f!["subject"]!.GetValue<string>() == "broken" && f["severity"]!.GetValue<string>() == "problem");
    }

    [Fact]
    public async Task Doctor_NoLabels_IsRefused() => Assert.Contains("holds no label file", (await RunAsync()).Expect(2).Error);

    private static void AssertFound(JsonNode json, string subject, string text) =>
        Assert.Contains(json["findings"]!.AsArray(), f => f!["subject"]!.GetValue<string>() == subject && f["text"]!.GetValue<string>().Contains(text, StringComparison.Ordinal));

    private Task<ProcessResult> RunAsync(params string[] more) =>
        ActorClusterProcess.RunAsync(["doctor", "--labels", Labels, "--videos", _sandbox.Videos, "--crops", Crops, .. more]);

    /// <summary>Two seconds of ten frames.</summary>
    private Task VideoAsync(string name, string? sound, string filter = "null") => Tool.RunAsync(
        "ffmpeg",
        ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x64:rate=10:duration=2", .. sound is null ? (string[])[] : ["-f", "lavfi", "-i", sound, "-c:a", "aac"], "-vf", filter,
            "-fps_mode", "passthrough", "-c:v", "libx264", "-pix_fmt", "yuv420p", Path.Combine(_sandbox.Videos, "batch1", name)]);

    private void WriteLabels(string name, IEnumerable<int> labels, string header = Header) =>
        File.WriteAllText(Path.Combine(Labels, name + ".txt"), header + string.Concat(labels.Select(l => $"{l}\n")));

    private void WriteCrops(string id, IEnumerable<string> names)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Crops, id)).FullName;
        foreach (var name in names)
        {
            File.WriteAllBytes(Path.Combine(folder, name), []);
        }
    }
}
