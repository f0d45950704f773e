using System.Globalization;

namespace ActorCluster.Node.Tests;

public sealed class EnvironmentFailureTests
{
    [Theory]
    [InlineData("ffmpeg")]
    [InlineData("ffprobe")]
    public async Task Process_ToolMissing_SaysHowToInstallIt(string missing)
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(Clips.Portrait);
        var path = sandbox.InFolder("bin");
        Directory.CreateDirectory(path);
        foreach (var tool in new[] { "ffmpeg", "ffprobe", "setsid", "setpriv" }.Where(tool => tool != missing))
        {
            File.CreateSymbolicLink(Path.Combine(path, tool), Tool.PathOf(tool));
        }

        var result = (await ActorClusterProcess.RunAsync(sandbox.Process(), path)).Expect(1);

        Assert.Contains($"{missing} is not on PATH", result.Error);
        Assert.Contains("apt-get install ffmpeg", result.Error);
    }

    [Theory]
    [InlineData("faces")]
    [InlineData("visual")]
    public async Task Process_ModelMissing_NamesTheFile(string part)
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(Clips.Portrait);
        var pipeline = sandbox.Pipeline("broken", p => p[part]!["model"] = sandbox.InFolder("missing.onnx"));

        var result = (await ActorClusterProcess.RunAsync(sandbox.Process("--pipeline", pipeline))).Expect(1);

        Assert.Contains(sandbox.InFolder("missing.onnx"), result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public async Task Process_DamagedModel_NamesTheFile()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(Clips.Portrait);
        await File.WriteAllTextAsync(sandbox.InFolder("damaged.onnx"), "no model");
        var pipeline = sandbox.Pipeline("broken", p => p["visual"]!["model"] = sandbox.InFolder("damaged.onnx"));

        var result = (await ActorClusterProcess.RunAsync(sandbox.Process("--pipeline", pipeline))).Expect(1);

        Assert.Contains(sandbox.InFolder("damaged.onnx"), result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public async Task Process_DataBelowAFile_SaysThatItCannotBeWritten()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(Clips.Portrait);
        await File.WriteAllTextAsync(sandbox.InFolder("file"), "");
        sandbox.Data = sandbox.InFolder("file/data");

        AssertUnwritable(sandbox, (await ActorClusterProcess.RunAsync(sandbox.Process())).Expect(1));
    }

    [Fact]
    public async Task Process_DataOnFileSystemWithoutWriting_SaysThatItCannotBeWritten()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(Clips.Portrait);
        sandbox.Data = "/proc/actorcluster-data"; // Not even root can make a folder there.

        AssertUnwritable(sandbox, (await ActorClusterProcess.RunAsync(sandbox.Process())).Expect(1));
    }

    [Fact]
    public async Task Process_DamagedJournal_NamesTheFile()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(Clips.Portrait);
        var state = Path.Combine(sandbox.Data, "state");
        Directory.CreateDirectory(state);
        await File.WriteAllTextAsync(Path.Combine(state, "journal.db"), string.Concat(Enumerable.Repeat("This is no database. ", 500)));

        var result = (await ActorClusterProcess.RunAsync(sandbox.Process())).Expect(1);

        Assert.Contains(Path.Combine(state, "journal.db"), result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public async Task Process_DataInUse_IsRefusedByTheFirstOnesName()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.LongAsync())[..2]);
        string[] arguments = sandbox.Process("--pipeline", sandbox.OneSecondChunks());
        using var first = ActorClusterProcess.Start(arguments, environment: HeldBack.BeforeItsEnd("long-1", TimeSpan.FromSeconds(10)));
        await first.UntilAsync(() => sandbox.StoredUnits > 0, "the first is at work");

        var second = (await ActorClusterProcess.RunAsync(arguments)).Expect(1);

        Assert.Contains($"is in use by process {first.Id} ", second.Error);
        Assert.Contains("choose another --data", second.Error);
        (await first.EndAsync()).Expect(0);
        Assert.Equal((2, 0L), (sandbox.Summary.Counts.Completed, sandbox.Summary.Chunks.Redone));
    }

    [Fact]
    public async Task Process_FfmpegKilledFromOutside_CompletesAndBlamesNoVideo()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.LongAsync())[..2]);
        // The first that is to decode pictures says who it is and stands still: it cannot end by itself before it is killed.
        var waiting = sandbox.InFolder("waiting");
        var path = await WrappedFfmpeg.WriteAsync(
            sandbox.InFolder("bin"),
            $"""
            case "$*" in
              *format=rgb24*) mkdir '{waiting}' 2>/dev/null && echo $$ > '{waiting}/new' && mv '{waiting}/new' '{waiting}/pid' && kill -STOP $$ ;;
            esac
            """);
        using var process = ActorClusterProcess.Start(sandbox.Process("--pipeline", sandbox.OneSecondChunks()), path);
        await process.UntilAsync(() => File.Exists(Path.Combine(waiting, "pid")), "an ffmpeg stands still");
        Signals.Send(int.Parse(await File.ReadAllTextAsync(Path.Combine(waiting, "pid")), CultureInfo.InvariantCulture), Signals.Kill);

        (await process.EndAsync()).Expect(0);

        Assert.Contains("ffmpeg was killed from outside (signal 9)", await File.ReadAllTextAsync(sandbox.Log), StringComparison.Ordinal);

        Assert.Equal((2, 0), (sandbox.Summary.Counts.Completed, sandbox.Summary.Counts.Quarantined));
        await sandbox.LeavesNothingBehindAsync();
    }

    private static void AssertUnwritable(Sandbox sandbox, ProcessResult result)
    {
        Assert.Contains(sandbox.Data, result.Error);
        Assert.Contains("--data", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }
}
