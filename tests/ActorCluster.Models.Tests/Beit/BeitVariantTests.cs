using ActorCluster.Models.Beit;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;

namespace ActorCluster.Models.Tests.Beit;

/// <summary>The architectures for which no golden is kept, against the same written out in double precision.</summary>
public class BeitVariantTests
{
    [Theory]
    [InlineData(4, 4, 24, 3, 40, 2, true, false, false, true, true, false)]
    [InlineData(3, 8, 32, 4, 64, 2, false, true, false, false, true, true)]
    [InlineData(4, 2, 20, 5, 30, 2, true, true, false, true, false, false)]
    [InlineData(5, 4, 16, 1, 16, 3, false, false, true, true, true, true)]
    [InlineData(2, 14, 28, 7, 56, 1, false, false, true, false, false, false)]
    [InlineData(1, 4, 12, 2, 24, 1, true, false, true, true, true, false)]
    public void Encode_Variant_AgreesWithDoublePrecision(
        int side, int patch, int width, int heads, int inner, int layers, bool relative, bool shared, bool absolute, bool meanPooling, bool layerScale, bool maskToken)
    {
        var variant = new BeitVariant(side, patch, width, heads, inner, layers, relative, shared, absolute, meanPooling, layerScale, maskToken);
        using var folder = new TemporaryModel(variant.Write);
        using var encoder = BeitEncoder.Load(folder.Path, TorchDevice.Cpu, EncoderPrecision.Float32, batch: 2);
        using var weights = SafetensorsFile.Open(System.IO.Path.Combine(folder.Path, "model.safetensors"));
        var images = TemporaryModel.RandomImages(encoder, 2, seed: 3);
        var pooled = new float[2 * width];

        encoder.Encode(images, 2, pooled);

        for (var i = 0; i < 2; i++)
        {
            var expected = variant.Pool(weights, images.AsSpan(i * encoder.InputWidth, encoder.InputWidth));
            var actual = pooled.AsSpan(i * width, width).ToArray();
            Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-5);
        }
    }
}
