using ActorCluster.Core.Pipelines;
using ActorCluster.Media.Faces;
using CsCheck;

namespace ActorCluster.Media.Tests.Faces;

public sealed class FaceCropperTests
{
    private static readonly FaceSettings Settings = new("", 0.5, 0.0625, 1.25, 0.1);

    [Fact]
    public void RegionOf_Box_IsLargerAndHigherThanTheBox() =>
        Assert.Equal(new CropRegion(88, 178, 125), FaceCropper.RegionOf(new FaceBox(100.2f, 200.2f, 100, 100, 0.9f), Settings));

    [Fact]
    public void RegionOf_HugeBox_StaysWithinTheRangeOfIntegers()
    {
        var region = FaceCropper.RegionOf(new FaceBox(-1e30f, 1e30f, 1e30f, 1e30f, 0.9f), Settings);
        Assert.InRange(region.Size, 1, 1 << 20);
        var crop = new float[3 * 4 * 4];
        FaceCropper.Crop(new byte[] { 9, 9, 9 }, 1, 1, region, 4, crop);
        Assert.All(crop, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Crop_SameSize_CopiesThePixelsByPlane()
    {
        byte[] rgb = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        var crop = new float[12];
        FaceCropper.Crop(rgb, 2, 2, new CropRegion(0, 0, 2), 2, crop);
        Assert.Equal([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12], crop);
    }

    [Fact]
    public void Crop_AnyRegion_EqualsTheLegacyGridByDefinition() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[-30, 30], Gen.Int[-30, 30], Gen.Int[1, 60], Gen.Int[1, 33], Gen.Int[0, 1000])
            .Sample((width, height, left, top, region, size, seed) =>
            {
                var rgb = new byte[width * height * 3];
                new Random(seed).NextBytes(rgb);
                var crop = new float[3 * size * size];
                FaceCropper.Crop(rgb, width, height, new CropRegion(left, top, region), size, crop);
                for (var i = 0; i < crop.Length; i++)
                {
                    Assert.Equal(LegacyBilinear(i % size, i / size % size, i / (size * size)), crop[i], 1e-2);
                }

                double LegacyBilinear(int x, int y, int channel)
                {
                    var scale = (double)((float)region / size);
                    var (sourceX, sourceY) = ((float)(x * scale), (float)(y * scale));
                    var (x0, y0) = ((int)sourceX, (int)sourceY);
                    var (x1, y1) = (Math.Min(x0 + 1, region - 1), Math.Min(y0 + 1, region - 1));
                    var upper = Mix(At(x0, y0), At(x1, y0), sourceX - x0);
                    var lower = Mix(At(x0, y1), At(x1, y1), sourceX - x0);
                    return Mix(upper, lower, sourceY - y0);

                    double At(int column, int row)
                    {
                        (column, row) = (column + left, row + top);
                        return column < 0 || row < 0 || column >= width || row >= height ? 0 : rgb[(((row * width) + column) * 3) + channel];
                    }
                }

                static double Mix(double first, double second, double weight) => first + ((second - first) * weight);
            });

    [Theory]
    [InlineData(2, 2, 11, 2, 12)]
    [InlineData(2, 2, 12, 2, 11)]
    [InlineData(0, 2, 0, 2, 12)]
    [InlineData(2, 2, 12, 0, 12)]
    public void Crop_SizesThatDoNotAgree_AreRefused(int width, int height, int bytes, int region, int floats) =>
        Assert.Throws<ArgumentException>(() => FaceCropper.Crop(new byte[bytes], width, height, new CropRegion(0, 0, region), 2, new float[floats]));
}
