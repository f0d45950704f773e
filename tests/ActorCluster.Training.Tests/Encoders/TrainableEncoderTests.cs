using ActorCluster.Models.Beit;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Storage;
using ActorCluster.Tests.Shared;
using ActorCluster.Training.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training.Tests.Encoders;

/// <summary>Against transformers 4.38.2 and against the inference encoders. Three times the reference's own float32 error is allowed.</summary>
public sealed class TrainableEncoderTests : IDisposable
{
    private const double Tolerance = 3e-5;

    private readonly string folder = Directory.CreateTempSubdirectory("actorcluster-trainable-").FullName;

    public TrainableEncoderTests() => TorchRuntime.Load();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("beit-tiny-large-style")]
    [InlineData("beit-tiny-pt22k-style")]
    public void Beit_Golden_OutputsAgree(string name)
    {
        using var golden = SafetensorsFile.Open(Path.Combine(Golden(name), "io.safetensors"));
        var model = EncoderModel.Open(visual: true, Golden(name));
        using var parameters = model.CreateParameters(seed: 1, []);
        using var scope = NewDisposeScope();

        var (last, pooled) = new TrainableBeit(model.Beit!, parameters).Forward(Input(golden, "input.pixel_values"));

        AssertClose(golden, "output.last_hidden_state", last);
        AssertClose(golden, "output.pooler_output", pooled);
    }

    [Theory]
    [InlineData("wavlm-tiny-large-style")]
    [InlineData("wavlm-tiny-base-style")]
    public void WavLm_Golden_OutputAgrees(string name)
    {
        using var golden = SafetensorsFile.Open(Path.Combine(Golden(name), "io.safetensors"));
        var model = EncoderModel.Open(visual: false, Golden(name));
        using var parameters = model.CreateParameters(seed: 1, []);
        using var scope = NewDisposeScope();

        var last = new TrainableWavLm(model.WavLm!, parameters).Forward(Input(golden, "input.input_values"));

        AssertClose(golden, "output.last_hidden_state", last);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Save_MovedParameters_InferenceEncoderAgrees(bool visual)
    {
        var model = EncoderModel.OfSize(visual, Path.Combine(Golden(visual ? "beit-tiny-large-style" : "wavlm-tiny-large-style"), "config.json"));
        using var parameters = model.CreateParameters(seed: 3, []);
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            using var generator = new Generator(5, CPU);
            foreach (var (_, value) in parameters.Trained)
            {
                value.add_(randn(value.shape, generator: generator) * 0.05);
            }
        }

        model.Save(folder, parameters);

        var random = new Random(7);
        var input = Enumerable.Range(0, visual ? 3 * 64 * 64 : 16_000).Select(_ => (random.NextSingle() * 2) - 1).ToArray();
        if (visual)
        {
            using var encoder = BeitEncoder.Load(folder, TorchDevice.Cpu, EncoderPrecision.Float32, batch: 1);
            var (_, pooled) = new TrainableBeit(model.Beit!, parameters).Forward(tensor(input, [1, 3, 64, 64]));
            AssertClose(encoder.EncodeAll(input, 1)[1].Values, pooled);
        }
        else
        {
            using var encoder = WavLmEncoder.Load(folder, TorchDevice.Cpu, EncoderPrecision.Float32, batch: 1, input.Length);
            var last = new TrainableWavLm(model.WavLm!, parameters).Forward(tensor(input, [1, input.Length]));
            AssertClose(encoder.EncodeAll(input, [input.Length]).Single(output => output.Name == "last_hidden_state").Values, last);
        }
    }

    [Theory]
    [InlineData("beit-tiny-large-style")]
    [InlineData("wavlm-tiny-large-style")]
    [InlineData("wavlm-tiny-base-style")]
    public void Gradient_PartFrozen_ReachesEveryOtherParameterAlone(string name)
    {
        var visual = name.StartsWith("beit", StringComparison.Ordinal);
        var model = EncoderModel.Open(visual, Golden(name));
        var layer = visual ? "encoder.layer.1" : "encoder.layers.1";
        using var parameters = model.CreateParameters(seed: 1, [layer]);
        using var golden = SafetensorsFile.Open(Path.Combine(Golden(name), "io.safetensors"));
        using var scope = NewDisposeScope();
        var features = visual
            ? new TrainableBeit(model.Beit!, parameters).Forward(Input(golden, "input.pixel_values")).Pooled
            : new TrainableWavLm(model.WavLm!, parameters).Forward(Input(golden, "input.input_values")).mean([1]);

        var loss = nn.functional.cross_entropy(parameters.Linear(features, EncoderModel.Head), zeros(features.shape[0], ScalarType.Int64));
        loss.backward();

        var trained = parameters.Trained.Select(p => p.Name).ToList();
        Assert.Equal(parameters.Names.Where(n => !n.StartsWith(layer + ".", StringComparison.Ordinal) && n is not "masked_spec_embed" and not "embeddings.mask_token"), trained);

        // The keys' bias of WavLM moves no output: the softmax takes it out again.
        Assert.All(trained, n => Assert.True(
            parameters[n].grad is { } gradient && (gradient.abs().max().item<float>() > 0 || n.EndsWith("k_proj.bias", StringComparison.Ordinal)), $"{n} has no gradient."));
        Assert.All(parameters.Names.Except(trained), n => Assert.Null(parameters[n].grad));
    }

    [Fact]
    public void CreateParameters_UnknownStart_IsRefusedByName()
    {
        var model = EncoderModel.Open(visual: true, Golden("beit-tiny-large-style"));

        var refused = Assert.Throws<ArgumentException>(() => model.CreateParameters(seed: 1, ["embeddings", "encoder.layer.9"]));

        Assert.Contains("'encoder.layer.9'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("encoder.layer.1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CreateParameters_FromNothing_SameSeedSameValues(bool visual)
    {
        var model = EncoderModel.OfSize(visual, Path.Combine(Golden(visual ? "beit-tiny-large-style" : "wavlm-tiny-large-style"), "config.json"));
        using var one = model.CreateParameters(seed: 3, []);
        using var same = model.CreateParameters(seed: 3, []);
        using var other = model.CreateParameters(seed: 4, []);

        Assert.All(one.Names, name => Assert.True(one[name].equal(same[name]).all().item<bool>(), name));
        Assert.Contains(one.Names, name => !one[name].equal(other[name]).all().item<bool>());
    }

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "goldens", name);

    private static Tensor Input(SafetensorsFile golden, string name) => tensor(golden.Read<float>(name), golden.Find(name).Shape.ToArray());

    private static void AssertClose(SafetensorsFile golden, string name, Tensor actual)
    {
        Assert.Equal<long>(golden.Find(name).Shape.ToArray(), actual.shape);
        AssertClose(golden.Read<float>(name), actual);
    }

    private static void AssertClose(float[] expected, Tensor actual)
    {
        var values = actual.detach().contiguous().data<float>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        Assert.InRange(expected.Zip(values).Max(pair => float.IsNaN(pair.Second) ? double.PositiveInfinity : Math.Abs((double)pair.First - pair.Second)), 0, Tolerance);
    }
}
