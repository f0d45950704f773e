using ActorCluster.Media.Faces;
using CsCheck;

namespace ActorCluster.Media.Tests.Faces;

public sealed class AreaResamplerTests
{
    private const int Size = 16;

    private static readonly Gen<(int Width, int Height, CropRegion Region, int Seed)> Cases = Gen.Select(
        Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[-40, 60], Gen.Int[-40, 60], Gen.Int[1, 100], Gen.Int[0, 1000],
        (width, height, left, top, size, seed) => (width, height, new CropRegion(left, top, size), seed));

    [Fact]
    public void Resample_AnyRegion_EqualsTheMeanUnderABox() => Cases.Sample(c =>
    {
        var pixels = new byte[c.Width * c.Height * 3];
        new Random(c.Seed).NextBytes(pixels);
        var resampler = new AreaResampler(Size);
        var output = new float[resampler.OutputLength];
        resampler.Resample(new RgbFrame(pixels, c.Width, c.Height), c.Region, 0.5f, -1, output);
        for (var i = 0; i < Size * Size * 3; i++)
        {
            var expected = (0.5 * MeanUnderBox(pixels, c.Width, c.Height, c.Region, i / 3 % Size, i / 3 / Size, i % 3)) - 1;
            Assert.Equal(expected, output[i], 1e-3);
        }
    });

    [Fact]
    public void Resample_AfterAnotherFrameSize_DoesNotRememberIt()
    {
        var large = new byte[90 * 50 * 3];
        var small = new byte[20 * 30 * 3];
        new Random(1).NextBytes(large);
        new Random(2).NextBytes(small);
        var used = new AreaResampler(Size);
        var fresh = new AreaResampler(Size);
        var actual = new float[used.OutputLength];
        var expected = new float[fresh.OutputLength];
        var region = new CropRegion(-3, 4, 25);
        used.Resample(new RgbFrame(large, 90, 50), region, 1, 0, actual);
        used.Resample(new RgbFrame(small, 20, 30), region, 1, 0, actual);
        fresh.Resample(new RgbFrame(small, 20, 30), region, 1, 0, expected);
        Assert.Equal(expected[..^1], actual[..^1]);
    }

    [Fact]
    public void Resample_SameSize_CopiesThePixels()
    {
        var pixels = new byte[Size * Size * 3];
        new Random(3).NextBytes(pixels);
        var resampler = new AreaResampler(Size);
        var output = new float[resampler.OutputLength];
        resampler.Resample(new RgbFrame(pixels, Size, Size), new CropRegion(0, 0, Size), 1, 0, output);
        Assert.Equal(pixels.Select(p => (float)p), output[..^1]);
    }

    private static double MeanUnderBox(byte[] pixels, int width, int height, CropRegion region, int x, int y, int channel)
    {
        var step = (double)region.Size / Size;
        var box = Math.Max(step, 1);
        var left = region.Left + ((x + 0.5) * step) - (box / 2);
        var top = region.Top + ((y + 0.5) * step) - (box / 2);
        var sum = 0.0;
        for (var row = 0; row < height; row++)
        {
            var tall = Math.Min(row + 1, top + box) - Math.Max(row, top);
            for (var column = 0; tall > 0 && column < width; column++)
            {
                var wide = Math.Min(column + 1, left + box) - Math.Max(column, left);
                sum += wide > 0 ? wide * tall * pixels[(((row * width) + column) * 3) + channel] : 0;
            }
        }

        return sum / (box * box);
    }
}
