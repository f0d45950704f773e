using ActorCluster.Core.Pipelines;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Processing.Tests.Inference;

public sealed class EncoderIdentityTests : IDisposable
{
    private readonly TempData _data = new();
    private readonly string _detector;
    private readonly string _encoder;

    public EncoderIdentityTests() => (_detector, _encoder) = (_data.AddVideo("detector.onnx", [1]), _data.AddVideo("encoder.onnx", [2]));

    private static PipelineDefinition Lite => TestPipeline.Lite;

    public static TheoryData<string> Ingredients => [.. Changes.Keys];

    public static TheoryData<string> OthersBusiness => [.. NoChanges.Keys];

    private static Dictionary<string, Func<PipelineDefinition, PipelineDefinition>> Changes => new()
    {
        ["chunk"] = p => p with { ChunkSeconds = p.ChunkSeconds + 0.001 },
        ["frames"] = p => p with { Frames = new FrameSettings(p.Frames.MaxLongSide + 1) },
        ["minScore"] = p => p with { Faces = p.Faces with { MinScore = 0.51 } },
        ["smallestFace"] = p => p with { Faces = p.Faces with { SmallestFace = 0.07 } },
        ["cropScale"] = p => p with { Faces = p.Faces with { CropScale = 1.26 } },
        ["cropShiftUp"] = p => p with { Faces = p.Faces with { CropShiftUp = 0.11 } },
        ["batch"] = p => p with { Visual = p.Visual with { Batch = 2 } },
    };

    private static Dictionary<string, Func<PipelineDefinition, PipelineDefinition>> NoChanges => new()
    {
        ["name"] = p => p with { Name = "other" },
        ["temperature"] = p => p with { Head = p.Head with { Temperature = 3 } },
        ["prior"] = p => p with { Head = p.Head with { Prior = [1, 0, 0, 0, 0, 0, 0, 0] } },
        ["windows"] = p => p with { Windows = new WindowSettings(64, 32) },
        ["voting"] = p => p with { Voting = p.Voting with { MedianKernel = 1 } },
        ["presence"] = p => p with { Audio = p.Audio with { PresenceLevelDb = -1 } },
    };

    public void Dispose() => _data.Dispose();

    [Theory]
    [MemberData(nameof(Ingredients))]
    public void Hash_EachSettingThatFeaturesDependOn_ChangesIt(string ingredient) => Assert.NotEqual(Hash(Lite), Hash(Changes[ingredient](Lite)));

    [Theory]
    [MemberData(nameof(OthersBusiness))]
    public void Hash_WhatOnlyLaterStepsDependOn_DoesNotChangeIt(string setting) => Assert.Equal(Hash(Lite), Hash(NoChanges[setting](Lite)));

    [Fact]
    public void Hash_ModelFilesAndFfmpeg_ChangeIt()
    {
        var hash = Hash(Lite);
        Assert.NotEqual(hash, EncoderIdentity.OfVisual(Named(Lite), Models(Lite), "6.0"));
        File.WriteAllBytes(_detector, [9]);
        var otherDetector = Hash(Lite);
        Assert.NotEqual(hash, otherDetector);
        File.WriteAllBytes(_encoder, [9]);
        Assert.NotEqual(otherDetector, Hash(Lite));
    }

    [Fact]
    public void Hash_TwoSettingsThatTradePlaces_AreToldApart() => Assert.NotEqual(
        Hash(Lite with { Faces = Lite.Faces with { CropScale = 1, CropShiftUp = 0.5 } }), Hash(Lite with { Faces = Lite.Faces with { CropScale = 0.5, CropShiftUp = 1 } }));

    [Fact]
    public void Hash_IsAKeyOfTheFeatureStore() => Assert.Matches("^[0-9a-f]{64}$", Hash(Lite));

    private string Hash(PipelineDefinition pipeline) => EncoderIdentity.OfVisual(Named(pipeline), Models(pipeline), "5.1");

    private PipelineModels Models(PipelineDefinition pipeline) => new(Named(pipeline), _data.Inputs, new InferenceSettings());

    private PipelineDefinition Named(PipelineDefinition p) => p with { Faces = p.Faces with { Model = _detector }, Visual = p.Visual with { Model = _encoder } };
}
