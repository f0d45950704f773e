using ActorCluster.Media.Tests.Faces;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Storage;
using CsCheck;

namespace ActorCluster.Models.Tests.Preprocessing;

public sealed class PillowResizerTests
{
    private static readonly Gen<ResampleFilter> Filters = Gen.Bool.Select(cubic => cubic ? ResampleFilter.Bicubic : ResampleFilter.Bilinear);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Resize_GoldenImage_EqualsPillow(int image)
    {
        using var golden = SafetensorsFile.Open(RepositoryFiles.Golden("preprocess-beit-published", "io.safetensors"));
        var shape = golden.Find($"image{image}.uint8_hwc").Shape;
        var output = new byte[224 * 224 * 3];
        new PillowResizer(224, 224, ResampleFilter.Bilinear).Resize(golden.Read<byte>($"image{image}.uint8_hwc"), (int)shape[1], (int)shape[0], output);
        Assert.Equal(golden.Read<byte>($"image{image}.resized_uint8_hwc"), output);
    }

    [Fact]
    public void Resize_AnyImage_EqualsTheFormulaWrittenPlainly() =>
        Gen.Select(Sizes, Sizes, Filters, Gen.Int)
            .Sample((from, to, filter, seed) =>
            {
                var image = new byte[from.Width * from.Height * 3];
                new Random(seed).NextBytes(image);
                var output = new byte[to.Width * to.Height * 3];
                new PillowResizer(to.Width, to.Height, filter).Resize(image, from.Width, from.Height, output);
                var expected = image;
                expected = from.Width == to.Width ? expected : PlainResample(expected, from.Height, from.Width, 3, to.Width, filter);
                expected = from.Height == to.Height ? expected : PlainResample(expected, 1, from.Height, to.Width * 3, to.Height, filter);
                Assert.Equal(expected, output);
            }, iter: 300);

    [Fact]
    public void Resize_ConstantImage_StaysConstant() =>
        Gen.Select(Sizes, Sizes, Filters, Gen.Byte.Array[3])
            .Sample((from, to, filter, colour) =>
            {
                var output = new byte[to.Width * to.Height * 3];
                new PillowResizer(to.Width, to.Height, filter).Resize(Repeat(colour, from.Width * from.Height), from.Width, from.Height, output);
                Assert.Equal(Repeat(colour, to.Width * to.Height), output);
            }, iter: 300);

    [Fact]
    public void Resize_SameSize_IsTheIdentity() =>
        Gen.Select(Sizes, Filters, Gen.Int).Sample((size, filter, seed) =>
        {
            var image = new byte[size.Width * size.Height * 3];
            new Random(seed).NextBytes(image);
            var output = new byte[image.Length];
            new PillowResizer(size.Width, size.Height, filter).Resize(image, size.Width, size.Height, output);
            Assert.Equal(image, output);
        }, iter: 200);

    [Fact]
    public void Resize_SizesInTurn_LeaveNothingBehind()
    {
        var resizer = new PillowResizer(20, 30, ResampleFilter.Bicubic);
        foreach (var (width, height) in (ReadOnlySpan<(int, int)>)[(64, 48), (1, 1), (20, 90), (33, 30), (7, 5), (64, 48), (20, 30)])
        {
            var image = new byte[width * height * 3];
            new Random(width).NextBytes(image);
            var (fresh, reused) = (new byte[20 * 30 * 3], new byte[20 * 30 * 3]);
            new PillowResizer(20, 30, ResampleFilter.Bicubic).Resize(image, width, height, fresh);
            resizer.Resize(image, width, height, reused);
            Assert.Equal(fresh, reused);
        }
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(-1, -1, 3)]
    [InlineData(2, 2, 11)]
    [InlineData(PillowResizer.MaxSide + 1, 1, (PillowResizer.MaxSide + 1) * 3)]
    public void Resize_SizeWrong_IsRefused(int width, int height, int bytes) =>
        Assert.ThrowsAny<ArgumentException>(() => new PillowResizer(4, 4, ResampleFilter.Bilinear).Resize(new byte[bytes], width, height, new byte[48]));

    private static Gen<(int Width, int Height)> Sizes { get; } = Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60]);

    private static byte[] Repeat(byte[] colour, int count) => [.. Enumerable.Repeat(colour, count).SelectMany(pixel => pixel)];

    // [outer, size, inner] -> [outer, target, inner], sample by sample, from the description of Pillow's arithmetic.
    private static byte[] PlainResample(byte[] input, int outer, int size, int inner, int target, ResampleFilter filter)
    {
        var output = new byte[outer * target * inner];
        var scale = (double)size / target;
        var stretch = Math.Max(1, scale);
        var support = stretch * (filter == ResampleFilter.Bilinear ? 1 : 2);
        for (var x = 0; x < target; x++)
        {
            var centre = (x + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - support + 0.5));
            var end = Math.Min(size, (int)(centre + support + 0.5));
            var exact = Enumerable.Range(first, end - first).Select(i => Filter((i - centre + 0.5) * (1 / stretch), filter)).ToArray();
            var sum = exact.Aggregate(0.0, (total, weight) => total + weight);
            var weights = exact.Select(weight => (long)Math.Truncate((weight / sum * (1 << 22)) + (weight / sum < 0 ? -0.5 : 0.5))).ToArray();
            for (var o = 0; o < outer; o++)
            {
                for (var c = 0; c < inner; c++)
                {
                    var total = 1L << 21;
                    for (var i = first; i < end; i++)
                    {
                        total += weights[i - first] * input[(((o * size) + i) * inner) + c];
                    }

                    output[(((o * target) + x) * inner) + c] = (byte)Math.Clamp(total >> 22, 0, 255);
                }
            }
        }

        return output;
    }

    private static double Filter(double x, ResampleFilter filter) => Math.Abs(x) switch
    {
        var d when filter == ResampleFilter.Bilinear => Math.Max(0, 1 - d),
        < 1 and var d => (((1.5 * d) - 2.5) * d * d) + 1,
        < 2 and var d => ((((d - 5) * d) + 8) * d - 4) * -0.5,
        _ => 0,
    };
}
