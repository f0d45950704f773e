using ActorCluster.Storage;

namespace ActorCluster.Node.Tests;

/// <summary>The verbs <c>encode</c> and <c>models verify</c> on the reference checkpoints.</summary>
public sealed class EncodeTests
{
    private const float Tolerance = 3e-5f;

    [Theory]
    [InlineData("beit-tiny-large-style", "beit-tiny-large-style", 2)]
    [InlineData("beit-tiny-pt22k-style", "beit-tiny-pt22k-style", 8)]
    [InlineData("wavlm-tiny-large-style", "wavlm-tiny-large-style", 8)]
    [InlineData("wavlm-tiny-large-style-masked", "wavlm-tiny-large-style", 1)]
    [InlineData("wavlm-tiny-base-style", "wavlm-tiny-base-style", 8)]
    public async Task Encode_ReferenceCase_GivesEveryOutputWithinTheTolerance(string name, string model, int batch)
    {
        using var sandbox = new Sandbox();
        var output = sandbox.InFolder("out.safetensors");
        (await ActorClusterProcess.RunAsync(
            ["encode", "--model", Golden(model), "--input", Path.Combine(Golden(name), "io.safetensors"), "--output", output, "--batch", $"{batch}"])).Expect(0);

        using var reference = SafetensorsFile.Open(Path.Combine(Golden(name), "io.safetensors"));
        using var encoded = SafetensorsFile.Open(output);
        var expected = reference.Tensors.Where(t => t.Name.StartsWith("output.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(expected);
        foreach (var tensor in expected)
        {
            Assert.Equal(tensor.Shape.AsSpan(), encoded.Find(tensor.Name).Shape.AsSpan());
            var (a, b) = (reference.Read<float>(tensor.Name), encoded.Read<float>(tensor.Name));
            Assert.True(Enumerable.Range(0, a.Length).Max(i => Math.Abs(a[i] - b[i])) <= Tolerance, tensor.Name);
        }
    }

    [Fact]
    public async Task Encode_PicturesAndSound_GoThroughThePublishedPreprocessing()
    {
        using var sandbox = new Sandbox();
        var (picture, sound) = (sandbox.InFolder("frame.png"), sandbox.InFolder("voice.wav"));
        await Tool.RunAsync("ffmpeg", ["-loglevel", "error", "-i", Clips.Portrait, "-frames:v", "1", picture, "-t", "1", "-ar", "16000", "-ac", "1", sound]);
        var output = sandbox.InFolder("out.safetensors");
        (await ActorClusterProcess.RunAsync(["encode", "--model", Golden("beit-tiny-large-style"), "--input", picture, picture, "--output", output])).Expect(0);
        using (var encoded = SafetensorsFile.Open(output))
        {
            Assert.Equal([2, 64], encoded.Find("output.pooler_output").Shape.ToArray());
            var pooled = encoded.Read<float>("output.pooler_output");
            Assert.Equal(pooled[..64], pooled[64..]);
        }

        (await ActorClusterProcess.RunAsync(["encode", "--model", Golden("wavlm-tiny-large-style"), "--input", sound, "--output", output])).Expect(0);
        using var tokens = SafetensorsFile.Open(output);
        Assert.Equal([1, 49, 64], tokens.Find("output.last_hidden_state").Shape.ToArray());
    }

    [Theory]
    [InlineData("beit-tiny-large-style", "BEiT: 4 layers, width 64, 4 heads")]
    [InlineData("wavlm-tiny-base-style", "WavLM: ")]
    public async Task Verify_ReferenceCase_SaysWhatItIs(string name, string expected)
    {
        var said = (await ActorClusterProcess.RunAsync(["models", "verify", Golden(name)])).Expect(0).Output;
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Contains("One forward pass", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_DamagedCheckpoints_AreNamedWithExitCodeOne()
    {
        using var sandbox = new Sandbox();
        var folder = Directory.CreateDirectory(sandbox.InFolder("model")).FullName;
        async Task Refused(string expected)
        {
            var result = (await ActorClusterProcess.RunAsync(["models", "verify", folder])).Expect(1);
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        }

        await Refused("config.json does not exist");
        File.Copy(Path.Combine(Golden("beit-tiny-large-style"), "config.json"), Path.Combine(folder, "config.json"));
        await Refused("model");
        var weights = File.ReadAllBytes(Path.Combine(Golden("beit-tiny-large-style"), "model.safetensors"));
        var path = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(path, weights[..^100]);
        await Refused("model.safetensors");
        byte[] huge = [0, 0, 0, 0, 0, 0, 0, 16, .. weights.AsSpan(8)]; // A header of 2^60 bytes.
        File.WriteAllBytes(path, huge);
        await Refused("model.safetensors");
        File.Copy(Path.Combine(Golden("wavlm-tiny-base-style"), "model.safetensors"), path, overwrite: true);
        await Refused("is not that of the BEiT model");
        File.Delete(path);
        File.Copy(Path.Combine(Golden("torch-bin-oddities"), "legacy_nonzip.bin"), Path.Combine(folder, "pytorch_model.bin"));
        await Refused("pytorch_model.bin");
    }

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "goldens", name);
}
