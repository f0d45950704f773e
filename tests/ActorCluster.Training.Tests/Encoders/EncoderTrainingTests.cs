using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Storage;
using ActorCluster.Tests.Shared;
using ActorCluster.Training.Encoders;

namespace ActorCluster.Training.Tests.Encoders;

/// <summary>Whole trainings of tiny encoders on real files.</summary>
public sealed class EncoderTrainingTests(EncoderTrainingTests.SetFixture fixture) : IClassFixture<EncoderTrainingTests.SetFixture>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("actorcluster-encoder-").FullName;
    private readonly List<string> notes = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Run_VisualFromNothing_LearnsAndWritesAnEncoder()
    {
        var request = Request(EncoderKind.Visual, steps: 90) with { Size = Path.Combine(AppContext.BaseDirectory, "configs", "training", "sample-beit.json") };

        var rows = await EncoderTraining.RunAsync(request, notes.Add, CancellationToken.None);

        Assert.True(rows.Max(row => row.ValidationAccuracy) > 0.9, string.Join('\n', notes));
        using var encoder = BeitEncoder.Load(request.Output, TorchDevice.Cpu, EncoderPrecision.Float32, batch: 1);
        Assert.Equal(96, encoder.FeatureWidth);
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(request.Output, "config.json")));
        Assert.Equal("Anger", config.RootElement.GetProperty("id2label").GetProperty("1").GetString());
        Assert.Equal(rows.Count + 1, File.ReadAllLines(Path.Combine(request.Output, EncoderTraining.TableName)).Length);
        Assert.False(Directory.Exists(Path.Combine(request.Output, "work")));
    }

    [Fact]
    public async Task Run_AudioFromNothing_LearnsAndWritesAnEncoder()
    {
        var request = Request(EncoderKind.Audio, steps: 80);

        var rows = await EncoderTraining.RunAsync(request, notes.Add, CancellationToken.None);

        // Chance is a quarter.
        Assert.True(rows.Max(row => row.ValidationAccuracy) > 0.6, string.Join('\n', notes));
        using var encoder = WavLmEncoder.Load(request.Output, TorchDevice.Cpu, EncoderPrecision.Float32, batch: 1, segmentSamples: 16_000);
        Assert.Equal(48, encoder.Config.HiddenSize);
    }

    [Theory]
    [InlineData(EncoderKind.Visual)]
    [InlineData(EncoderKind.Audio)]
    public async Task Run_StoppedAndAskedForAgain_WeightsAreThoseOfAnUndisturbedTraining(EncoderKind kind)
    {
        var undisturbed = Request(kind, steps: 7, "undisturbed");
        await EncoderTraining.RunAsync(undisturbed, notes.Add, CancellationToken.None);

        var disturbed = Request(kind, steps: 7, "disturbed");
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EncoderTraining.RunAsync(disturbed, StopAtSecondValidation, stop.Token));
        Assert.False(File.Exists(Weights(disturbed)));
        await EncoderTraining.RunAsync(disturbed, notes.Add, CancellationToken.None);

        Assert.Contains(notes, line => line == "Goes on after step 6.");
        Assert.Equal(File.ReadAllBytes(Weights(undisturbed)), File.ReadAllBytes(Weights(disturbed)));

        void StopAtSecondValidation(string line)
        {
            if (line.StartsWith("step 6/", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public async Task Run_PartFrozen_ItsParametersAreThoseOfTheCheckpoint()
    {
        var checkpoint = Path.Combine(folder, "checkpoint");
        TinyCheckpoints.WriteBeit(checkpoint, new TinyBeitSizes(ImageSize: 48, HiddenSize: 48), seed: 5);
        var request = Request(EncoderKind.Visual, steps: 3) with { Size = null, Model = checkpoint, Frozen = ["embeddings", "encoder.layer.0"] };

        await EncoderTraining.RunAsync(request, notes.Add, CancellationToken.None);

        using var before = SafetensorsFile.Open(Path.Combine(checkpoint, "model.safetensors"));
        using var after = SafetensorsFile.Open(Weights(request));
        Assert.All(before.Tensors, tensor =>
        {
            var frozen = tensor.Name.StartsWith("embeddings.", StringComparison.Ordinal) || tensor.Name.StartsWith("encoder.layer.0.", StringComparison.Ordinal);
            Assert.Equal(frozen, before.Read<float>(tensor.Name).AsSpan().SequenceEqual(after.Read<float>("beit." + tensor.Name)));
        });
    }

    [Fact]
    public async Task Run_WholeFrames_DecodesTheVideos()
    {
        var request = Request(EncoderKind.Visual, steps: 1) with { Pipeline = LabelledSet.Pipeline(FaceSource.None) };

        await EncoderTraining.RunAsync(request, notes.Add, CancellationToken.None);

        // Every labelled frame of three videos of 75 frames, of which 5 are unlabelled.
        Assert.Contains(notes, line => line.StartsWith("Train: 3 videos, 210 labelled frames", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_FinishedBefore_DoesNothing()
    {
        var request = Request(EncoderKind.Visual, steps: 1);
        await EncoderTraining.RunAsync(request, notes.Add, CancellationToken.None);
        var written = File.GetLastWriteTimeUtc(Weights(request));

        Assert.Empty(await EncoderTraining.RunAsync(request, notes.Add, CancellationToken.None));

        Assert.Equal(written, File.GetLastWriteTimeUtc(Weights(request)));
    }

    [Fact]
    public async Task Run_FolderOfAnotherTraining_IsRefused()
    {
        var request = Request(EncoderKind.Visual, steps: 1);
        await EncoderTraining.RunAsync(request, notes.Add, CancellationToken.None);

        var fault = await Assert.ThrowsAsync<EnvironmentFaultException>(() => EncoderTraining.RunAsync(request with { Seed = 2 }, notes.Add, CancellationToken.None));

        Assert.Contains("other settings", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,split\nv0,train\n", "no video for validation")]
    [InlineData("id,split\nv0,train\nv77,validation\n", "'v77'")]
    [InlineData("id,split\nv0,learn\n", "'learn'")]
    public async Task Run_WrongSplit_IsRefused(string split, string expected)
    {
        var path = Path.Combine(folder, "splits.csv");
        File.WriteAllText(path, split);

        var fault = await Assert.ThrowsAsync<InputFaultException>(
            () => EncoderTraining.RunAsync(Request(EncoderKind.Visual, steps: 1) with { Splits = path }, notes.Add, CancellationToken.None));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static string Weights(EncoderTrainingRequest request) => Path.Combine(request.Output, "model.safetensors");

    private EncoderTrainingRequest Request(EncoderKind kind, int steps, string output = "out")
    {
        var visual = kind == EncoderKind.Visual;
        var sizes = Path.Combine(folder, "sizes");
        if (visual)
        {
            TinyCheckpoints.WriteBeit(sizes, new TinyBeitSizes(ImageSize: 48, PatchSize: 8, HiddenSize: 48, IntermediateSize: 96), seed: 1);
        }
        else
        {
            TinyCheckpoints.WriteWavLm(sizes, new TinyWavLmSizes(HiddenSize: 48, IntermediateSize: 96), seed: 1);
        }

        return new EncoderTrainingRequest
        {
            Kind = kind,
            Manifest = fixture.Set.Manifest,
            Splits = fixture.Set.Splits,
            Pipeline = LabelledSet.Pipeline(FaceSource.Aligned),
            Output = Path.Combine(folder, output),
            Size = Path.Combine(sizes, "config.json"),
            Config = EncoderTrainingConfig.Default(kind) with
            {
                Steps = steps,
                Batch = visual ? 16 : 6,
                LearningRate = 2e-3,
                WarmupSteps = Math.Min(10, steps),
                EvaluateEvery = Math.Max(3, steps / 3),
                Visual = visual ? new FrameTrainingSettings(FramesPerVideo: 100) : null,
                Audio = visual ? null : new AudioTrainingSettings(PieceSeconds: 1, TargetsPerPiece: 4),
            },
            Threads = 2,
        };
    }

    public sealed class SetFixture : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("actorcluster-labelled-").FullName;

        public SetFixture() => Set = new LabelledSet(folder, videos: 4, seconds: 3, seed: 1);

        internal LabelledSet Set { get; }

        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}
