using ActorCluster.Tests.Shared;

namespace ActorCluster.Node.Tests;

/// <summary>The verb <c>train-encoder</c> on a generated set, in processes that are killed.</summary>
public sealed class TrainEncoderTests(TrainEncoderTests.SetFixture fixture) : IClassFixture<TrainEncoderTests.SetFixture>
{
    [Theory]
    [InlineData("visual")]
    [InlineData("audio")]
    public async Task TrainEncoder_KilledAndAskedForAgain_WritesTheSameWeights(string kind)
    {
        using var sandbox = new Sandbox();
        (await ActorClusterProcess.RunAsync(Arguments(sandbox, kind, "undisturbed"))).Expect(0);

        // Each stands at the file that it is killed at: however fast it trains and however late this process looks, it is not at its end.
        // Between the table of one validation and the next nothing is written: a death there leaves what one in the midst of the steps leaves.
        await KillAtAsync(sandbox, kind, "renamed@training.csv", goesOnAfter: 0);
        await KillAtAsync(sandbox, kind, "written@state.safetensors", goesOnAfter: 2);
        await KillAtAsync(sandbox, kind, "renamed@state.safetensors", goesOnAfter: 2);

        var last = (await ActorClusterProcess.RunAsync(Arguments(sandbox, kind, "disturbed"))).Expect(0);

        Assert.Contains("Goes on after step 4.", last.Output, StringComparison.Ordinal);
        Assert.Equal(Weights(sandbox, "undisturbed"), Weights(sandbox, "disturbed"));
        (await ActorClusterProcess.RunAsync(["models", "verify", sandbox.InFolder("disturbed")])).Expect(0);
    }

    [Theory]
    [InlineData("--freeze", "encoder.layer.9", "'encoder.layer.9' is the start of no parameter's name")]
    [InlineData("--model", "elsewhere", "either a checkpoint to go on from or the sizes of a new encoder")]
    [InlineData("--config", "nowhere.json", "nowhere.json")]
    [InlineData("--pipeline", "nothing", "There is no pipeline 'nothing'")]
    public async Task TrainEncoder_WrongUsage_IsNamedWithExitCodeTwo(string option, string value, string expected)
    {
        using var sandbox = new Sandbox();
        var arguments = Arguments(sandbox, "visual", "out").ToList();
        var given = arguments.IndexOf(option);
        if (given >= 0)
        {
            arguments.RemoveRange(given, 2);
        }

        var result = (await ActorClusterProcess.RunAsync([.. arguments, option, value])).Expect(2);

        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    private async Task KillAtAsync(Sandbox sandbox, string kind, string pause, int goesOnAfter)
    {
        var killed = await ActorClusterProcess.KillAtAsync(Arguments(sandbox, kind, "disturbed"), pause, sandbox.InFolder("marker"));
        Assert.Equal(goesOnAfter > 0, killed.Output.Contains($"Goes on after step {goesOnAfter}.", StringComparison.Ordinal));
    }

    private static byte[] Weights(Sandbox sandbox, string name) => File.ReadAllBytes(Path.Combine(sandbox.InFolder(name), "model.safetensors"));

    private string[] Arguments(Sandbox sandbox, string kind, string output)
    {
        var (sizes, config, pipeline) = (sandbox.InFolder("sizes"), sandbox.InFolder("config.json"), sandbox.InFolder("aligned.json"));
        string own;
        if (kind == "visual")
        {
            TinyCheckpoints.WriteBeit(sizes, new TinyBeitSizes(ImageSize: 32, PatchSize: 8), seed: 1);
            own = """ "visual": { "framesPerVideo": 40, "flip": 0.5, "brightness": 0.1, "contrast": 0.1, "scale": 0.1, "shift": 0.1, "tint": 0.1 } """;
        }
        else
        {
            TinyCheckpoints.WriteWavLm(sizes, new TinyWavLmSizes(), seed: 1);
            own = """ "audio": { "pieceSeconds": 1, "targetsPerPiece": 4, "gainDb": 6, "noiseDb": 20 } """;
        }

        File.WriteAllText(config, $$"""
            { "steps": 10, "batch": 4, "learningRate": 1e-3, "weightDecay": 0.05, "warmupSteps": 2, "clipNorm": 1, "focalGamma": 2, "classWeightPower": 0.5,
              "samplingPower": 0.5, "evaluateEvery": 2, "validationSamples": 40, {{own}} }
            """);
        File.WriteAllText(pipeline, """
            { "name": "aligned", "chunkSeconds": 10, "frames": { "maxLongSide": 256 }, "faces": { "source": "aligned" },
              "visual": { "kind": "beit", "model": "beit", "batch": 8 },
              "audio": { "presenceWindowSeconds": 0.5, "presenceLevelDb": -60,
                "encoder": { "kind": "wavlm", "model": "wavlm", "batch": 2, "segmentSeconds": 4, "contextSeconds": 1, "poolingSeconds": 0.5 } },
              "fusion": { "checkpoint": "fusion", "batch": 8 },
              "head": { "temperature": 1, "prior": { "neutral": 0.3, "anger": 0.1, "disgust": 0.1, "fear": 0.1, "happiness": 0.1, "sadness": 0.1, "surprise": 0.1, "other": 0.1 } },
              "windows": { "length": 64, "stride": 32 },
              "voting": { "medianOver": "probabilities", "medianKernel": 9, "imputeWithinSeconds": 1 } }
            """);
        return
        [
            "train-encoder", kind, "--manifest", Path.Combine(fixture.Folder, "manifest.csv"), "--splits", Path.Combine(fixture.Folder, "splits.csv"),
            "--pipeline", pipeline, "--size", Path.Combine(sizes, "config.json"), "--config", config, "--threads", "2", "--out", sandbox.InFolder(output),
        ];
    }

    public sealed class SetFixture : IAsyncLifetime
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("actorcluster-set-").FullName;

        public async Task InitializeAsync() => (await ActorClusterProcess.RunAsync(["sample-data", "--out", Folder, "--videos", "6"])).Expect(0);

        public Task DisposeAsync()
        {
            Directory.Delete(Folder, recursive: true);
            return Task.CompletedTask;
        }
    }
}
