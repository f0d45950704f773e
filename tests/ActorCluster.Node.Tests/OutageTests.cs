namespace ActorCluster.Node.Tests;

/// <summary>The environment fails in the middle of a run: the run stops, says what to do, and goes on once it is mended.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Process_FfmpegGoneHalfWay_StopsAndGoesOnOnceItIsBack()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.LongAsync())[..3]);
        var path = sandbox.InFolder("bin");
        Directory.CreateDirectory(path);
        foreach (var tool in new[] { "ffprobe", "setsid", "setpriv" })
        {
            File.CreateSymbolicLink(Path.Combine(path, tool), Tool.PathOf(tool));
        }

        // It takes itself away at the sixth of the run's eighteen chunks, whose decoding still begins.
        var (ffmpeg, chunks) = (Path.Combine(path, "ffmpeg"), sandbox.InFolder("chunks"));
        await WrappedFfmpeg.WriteAsync(
            path,
            $"""
            PATH='{Environment.GetEnvironmentVariable("PATH")}'
            case "$*" in
              *format=rgb24*) echo >> '{chunks}'; [ "$(wc -l < '{chunks}')" -lt 6 ] || rm -f '{ffmpeg}' ;;
            esac
            """);

        string[] arguments = sandbox.Process("--pipeline", sandbox.OneSecondChunks(), "--slots", "2");
        using (var process = ActorClusterProcess.Start(arguments, path))
        {
            var stopped = (await process.EndAsync()).Expect(1);
            Assert.Contains("apt-get install ffmpeg", stopped.Output + stopped.Error);
            Assert.Contains("same command again", stopped.Output + stopped.Error);
        }

        Assert.InRange(sandbox.StoredUnits, 3, 20); // Of 18 chunks and 3 sounds.
        File.CreateSymbolicLink(ffmpeg, Tool.PathOf("ffmpeg"));
        (await ActorClusterProcess.RunAsync(arguments, path)).Expect(0);

        Assert.Equal((3L, 0L), (sandbox.Summary.Counts.Completed, sandbox.Summary.Counts.Quarantined));
        await sandbox.LeavesNothingBehindAsync();
    }

    [Fact]
    public async Task Process_DiskFull_StopsAndGoesOnOnceThereIsRoom()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll((await Clips.LongAsync())[..3]);
        Directory.CreateDirectory(sandbox.Data);
        var (first, second, results) = (sandbox.InFolder("first"), sandbox.InFolder("second"), sandbox.InFolder("results"));

        // A mount of its own that nobody else sees, first small, then large; what is in it is gone with the script, so the results are copied out.
        const string Script = """
            mount -t tmpfs -o size=300k none "$1" || exit 99
            data=$1 first=$2 second=$3 results=$4
            shift 4
            "$@" > "$first" 2>&1
            echo "exit $?" >> "$first"
            mount -o remount,size=200m "$data" || exit 99
            "$@" > "$second" 2>&1
            echo "exit $?" >> "$second"
            cp -r "$data" "$results"
            """;
        await Tool.RunAsync(
            "unshare",
            ["--map-root-user", "--mount", "sh", "-c", Script, "sh", sandbox.Data, first, second, results, ActorClusterProcess.Executable, .. sandbox.Process("--pipeline", sandbox.OneSecondChunks())]);

        var full = await File.ReadAllTextAsync(first);
        Assert.EndsWith("exit 1\n", full);
        Assert.True(full.Contains("No space left", StringComparison.Ordinal) || full.Contains("full", StringComparison.Ordinal), full);
        Assert.EndsWith("exit 0\n", await File.ReadAllTextAsync(second));
        sandbox.Data = results;
        Assert.Equal((3L, 0L), (sandbox.Summary.Counts.Completed, sandbox.Summary.Counts.Quarantined));
        await sandbox.LeavesNothingBehindAsync();
    }
}
