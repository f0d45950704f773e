using System.Globalization;
using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Media.Faces;
using ActorCluster.Media.Tests.Faces;

namespace ActorCluster.Models.Tests;

public sealed class FaceExpressionNetTests : IDisposable
{
    private const int Batch = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-models-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(Batch)]
    public void Encode_Portrait_EqualsTheOriginalModel(int batch)
    {
        using var net = new FaceExpressionNet(RepositoryFiles.ExpressionNet, batch);
        var expected = File.ReadAllText(RepositoryFiles.Golden("astronaut", "logits.txt")).Split(' ', StringSplitOptions.TrimEntries)
            .Select(logit => float.Parse(logit, CultureInfo.InvariantCulture)).ToArray();
        var (logits, _) = Encode(net, Portrait());
        Assert.Equal(FaceExpressionNet.LogitWidth, expected.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], logits[i], 1e-3f);
        }
    }

    [Fact]
    public void Encode_RowAmongNeighbours_EqualsTheRowAloneAtAnyPlaceBitForBit()
    {
        using var net = new FaceExpressionNet(RepositoryFiles.ExpressionNet, Batch);
        var portrait = Portrait();
        var (aloneLogits, aloneFeatures) = Encode(net, portrait);
        Assert.Contains(aloneFeatures, feature => feature != 0);
        for (var place = 0; place < Batch; place++)
        {
            for (var count = place + 1; count <= Batch; count++)
            {
                var rows = new float[count * FaceExpressionNet.InputWidth];
                var random = new Random((10 * place) + count);
                for (var i = 0; i < rows.Length; i++)
                {
                    rows[i] = 255 * random.NextSingle();
                }

                portrait.CopyTo(rows.AsSpan(place * FaceExpressionNet.InputWidth));
                var (logits, features) = Encode(net, rows);
                Assert.Equal(aloneLogits, logits.AsSpan(place * FaceExpressionNet.LogitWidth, FaceExpressionNet.LogitWidth).ToArray());
                Assert.Equal(aloneFeatures, features.AsSpan(place * FaceExpressionNet.FeatureWidth, FaceExpressionNet.FeatureWidth).ToArray());
            }
        }
    }

    [Fact]
    public void Encode_TwoInstances_GiveTheSameBits()
    {
        using var first = new FaceExpressionNet(RepositoryFiles.ExpressionNet, 1);
        using var second = new FaceExpressionNet(RepositoryFiles.ExpressionNet, 1);
        var (logits, features) = Encode(first, Portrait());
        var (otherLogits, otherFeatures) = Encode(second, Portrait());
        Assert.Equal(logits, otherLogits);
        Assert.Equal(features, otherFeatures);
    }

    [Fact]
    public void Encode_SteadyState_AllocatesNothing()
    {
        using var net = new FaceExpressionNet(RepositoryFiles.ExpressionNet, 1);
        var (pixels, logits, features) = (Portrait(), new float[FaceExpressionNet.LogitWidth], new float[FaceExpressionNet.FeatureWidth]);
        net.Encode(pixels, 1, logits, features);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            net.Encode(pixels, 1, logits, features);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(3, 3, 3, 3)]
    [InlineData(2, 1, 2, 2)]
    [InlineData(2, 2, 1, 2)]
    [InlineData(2, 2, 2, 3)]
    public void Encode_LengthsThatDoNotFit_AreRefused(int count, int pixelRows, int logitRows, int featureRows)
    {
        using var net = new FaceExpressionNet(RepositoryFiles.ExpressionNet, 2);
        Assert.ThrowsAny<ArgumentException>(() => net.Encode(
            new float[pixelRows * FaceExpressionNet.InputWidth],
            count,
            new float[logitRows * FaceExpressionNet.LogitWidth],
            new float[featureRows * FaceExpressionNet.FeatureWidth]));
    }

    [Fact]
    public void RuntimeVersion_IsThatOfThePackage() => Assert.Matches(@"^\d+\.\d+\.\d+", FaceExpressionNet.RuntimeVersion);

    [Fact]
    public void Constructor_MissingFile_IsTheEnvironmentsFault()
    {
        var path = Path.Combine(_folder.FullName, "absent.onnx");
        var fault = Assert.Throws<EnvironmentFaultException>(() => new FaceExpressionNet(path, 1));
        Assert.Equal("encode", fault.Stage);
        Assert.Contains($"'{path}' does not exist", fault.Cause, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Remedy);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    public void Constructor_TruncatedFile_IsTheEnvironmentsFault(int length)
    {
        var path = Path.Combine(_folder.FullName, "damaged.onnx");
        File.WriteAllBytes(path, File.ReadAllBytes(RepositoryFiles.ExpressionNet)[..length]);
        var fault = Assert.Throws<EnvironmentFaultException>(() => new FaceExpressionNet(path, 1));
        Assert.Contains(path, fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_AnotherModel_IsTheEnvironmentsFault()
    {
        var fault = Assert.Throws<EnvironmentFaultException>(() => new FaceExpressionNet(RepositoryFiles.Detector, 1));
        Assert.Contains("has no float tensor 'rgb' of shape [N, 3, 112, 112]", fault.Cause, StringComparison.Ordinal);
    }

    private static (float[] Logits, float[] Features) Encode(FaceExpressionNet net, float[] pixels)
    {
        var count = pixels.Length / FaceExpressionNet.InputWidth;
        var (logits, features) = (new float[count * FaceExpressionNet.LogitWidth], new float[count * FaceExpressionNet.FeatureWidth]);
        net.Encode(pixels, count, logits, features);
        return (logits, features);
    }

    private static float[] Portrait()
    {
        const int side = 93;
        var header = Encoding.ASCII.GetBytes($"P6\n{side} {side}\n255\n");
        var file = File.ReadAllBytes(RepositoryFiles.Golden("astronaut", "face.ppm"));
        Assert.Equal(header, file[..header.Length]);
        var crop = new float[FaceExpressionNet.InputWidth];
        FaceCropper.Crop(file.AsSpan(header.Length), side, side, new CropRegion(0, 0, side), FaceExpressionNet.InputSize, crop);
        return crop;
    }
}
