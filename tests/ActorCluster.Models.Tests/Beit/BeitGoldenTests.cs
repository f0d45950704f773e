using ActorCluster.Models.Beit;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;
using TorchSharp;

namespace ActorCluster.Models.Tests.Beit;

/// <summary>Against transformers 4.38.2. Three times the reference's own float32 error is allowed.</summary>
public class BeitGoldenTests
{
    private const double Tolerance = 3e-5;

    [Theory]
    [InlineData("beit-tiny-large-style", "beit-tiny-large-style")]
    [InlineData("beit-tiny-pt22k-style", "beit-tiny-pt22k-style")]
    [InlineData("torch-bin-classifier-style", "beit-tiny-large-style")]
    public void EncodeAll_Golden_EveryOutputAgrees(string weights, string values)
    {
        using var golden = Golden(values, "io.safetensors");
        var pixels = golden.Read<float>("input.pixel_values");
        using var encoder = BeitEncoder.Load(Folder(weights), TorchDevice.Cpu, EncoderPrecision.Float32, batch: 4);

        var outputs = encoder.EncodeAll(pixels, count: 3);

        var expected = golden.Tensors.Where(tensor => tensor.Name.StartsWith("output.", StringComparison.Ordinal)).Select(tensor => tensor.Name).Order();
        Assert.Equal(expected, outputs.Select(output => "output." + output.Name).Order());
        Assert.All(outputs, output =>
        {
            Assert.Equal<long>(golden.Find("output." + output.Name).Shape.ToArray(), output.Shape.ToArray());
            Assert.InRange(LargestDifference(golden.Read<float>("output." + output.Name), output.Values), 0, Tolerance);
        });
    }

    [Fact]
    public void Encode_ClassifierWeights_GiveItsLogits()
    {
        using var golden = Golden("beit-tiny-large-style", "io.safetensors");
        using var head = Golden("torch-bin-classifier-style", "expected.safetensors");
        using var encoder = BeitEncoder.Load(Folder("torch-bin-classifier-style"), TorchDevice.Cpu, EncoderPrecision.Float32, batch: 3);
        var pooled = new float[3 * encoder.FeatureWidth];

        encoder.Encode(golden.Read<float>("input.pixel_values"), 3, pooled);

        var weight = head.Read<float>("classifier.weight");
        var logits = head.Read<float>("classifier.bias").Concat(head.Read<float>("classifier.bias")).Concat(head.Read<float>("classifier.bias")).ToArray();
        for (var i = 0; i < logits.Length; i++)
        {
            for (var j = 0; j < encoder.FeatureWidth; j++)
            {
                logits[i] += weight[(i % 10 * encoder.FeatureWidth) + j] * pooled[(i / 10 * encoder.FeatureWidth) + j];
            }
        }

        Assert.InRange(LargestDifference(head.Read<float>("output.logits"), logits), 0, Tolerance);
    }

    [Theory]
    [InlineData("beit-tiny-large-style")]
    [InlineData("beit-tiny-pt22k-style")]
    public void Index_Golden_IsExact(string name)
    {
        using var golden = Golden(name, "io.safetensors");
        var side = BeitConfig.Load(Folder(name)).Side;

        Assert.Equal(golden.Read<long>("check.relative_position_index"), RelativePositions.Index(side));
    }

    [Theory]
    [InlineData("beit-tiny-large-style")]
    [InlineData("beit-tiny-pt22k-style")]
    public void Attend_FirstLayer_AgreesWithGolden(string name)
    {
        using var golden = Golden(name, "io.safetensors");
        using var checkpoint = Golden(name, "model.safetensors");
        using var encoder = BeitEncoder.Load(Folder(name), TorchDevice.Cpu, EncoderPrecision.Float32, batch: 3);
        using var inference = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var hidden = torch.tensor(golden.Read<float>("output.hidden_states.0"), golden.Find("output.hidden_states.0").Shape.ToArray());

        var after = hidden.clone();
        using var workspace = new BeitWorkspace(encoder.Config, batch: 3, torch.CPU, torch.ScalarType.Float32);
        encoder.Model.Layers[0].Attend(after, workspace);

        var scale = torch.tensor(checkpoint.Read<float>("encoder.layer.0.lambda_1"));
        var expected = torch.tensor(golden.Read<float>("check.layer0.attention_output"), hidden.shape);
        Assert.InRange((after - hidden - (expected * scale)).abs().max().item<float>(), 0, Tolerance);
    }

    // A wrong epsilon moves the goldens' outputs by no more than the tolerance; on an input of small variance it shows.
    [Theory]
    [InlineData("1e-12")]
    [InlineData("1e-6")]
    [InlineData("0.01")]
    public void Load_LayerNormEpsilon_IsTheConfigs(string epsilon)
    {
        using var folder = new TemporaryModel(path =>
        {
            File.Copy(Path.Combine(Folder("beit-tiny-pt22k-style"), "model.safetensors"), Path.Combine(path, "model.safetensors"));
            var config = File.ReadAllText(Path.Combine(Folder("beit-tiny-pt22k-style"), "config.json"));
            File.WriteAllText(Path.Combine(path, "config.json"), config.Replace("1e-12", epsilon, StringComparison.Ordinal));
        });
        using var encoder = BeitEncoder.Load(folder.Path, TorchDevice.Cpu, EncoderPrecision.Float32, batch: 3);
        using var golden = Golden("beit-tiny-pt22k-style", "io.safetensors");
        using var weights = Golden("beit-tiny-pt22k-style", "model.safetensors");

        var outputs = encoder.EncodeAll(golden.Read<float>("input.pixel_values"), 3).ToDictionary(output => output.Name, output => output.Values);

        var (scale, shift) = (weights.Read<float>("layernorm.weight"), weights.Read<float>("layernorm.bias"));
        var width = scale.Length;
        var rows = outputs["hidden_states.2"].Chunk(width).ToArray();
        Assert.Equal(double.Parse(epsilon), encoder.Config.LayerNormEpsilon);
        for (var row = 0; row < rows.Length; row++)
        {
            var mean = rows[row].Average(value => (double)value);
            var variance = rows[row].Average(value => (value - mean) * (value - mean));
            for (var i = 0; i < width; i++)
            {
                var expected = ((rows[row][i] - mean) / Math.Sqrt(variance + encoder.Config.LayerNormEpsilon) * scale[i]) + shift[i];
                Assert.InRange(outputs["last_hidden_state"][(row * width) + i] - expected, -2e-6, 2e-6);
            }
        }
    }

    internal static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "goldens", name);

    internal static double LargestDifference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max(difference => double.IsNaN(difference) ? double.PositiveInfinity : difference);
    }

    private static SafetensorsFile Golden(string name, string file) => SafetensorsFile.Open(Path.Combine(Folder(name), file));
}
