using System.Buffers.Binary;
using System.IO.Compression;
using ActorCluster.Core.Faults;
using ActorCluster.Media.Tests.Faces;
using ActorCluster.Models.Preprocessing;
using CsCheck;
using SkiaSharp;

namespace ActorCluster.Models.Tests.Preprocessing;

public sealed class ImageFileTests
{
    // A 3 x 2 image whose six pixels differ.
    private static readonly byte[] Six = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0, 0, 255, 255, 8, 16, 24];

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void ReadRgb_Png_GivesItsSamplesAndDropsTransparency(int channels)
    {
        var image = ReadRgb(Png(3, 2, channels, Six));
        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal(Six, image.Pixels);
    }

    [Fact]
    public void ReadRgb_OnePixel_IsRead() => Assert.Equal([1, 2, 3], ReadRgb(Png(1, 1, 3, [1, 2, 3])).Pixels);

    [Fact]
    public void ReadRgb_PngFile_EqualsItsSource()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, Png(3, 2, 3, Six));
        Assert.Equal(Six, ImageFile.ReadRgb(path).Pixels);
        File.Delete(path);
    }

    // Where the stored image's six pixels a b c / d e f are seen, row by row.
    [Theory]
    [InlineData(1, 3, "abcdef")]
    [InlineData(2, 3, "cbafed")]
    [InlineData(3, 3, "fedcba")]
    [InlineData(4, 3, "defabc")]
    [InlineData(5, 2, "adbecf")]
    [InlineData(6, 2, "daebfc")]
    [InlineData(7, 2, "fcebda")]
    [InlineData(8, 2, "cfbead")]
    public void ReadRgb_JpegWithOrientation_StandsUpright(int orientation, int width, string seen)
    {
        // Each letter is a block of 16 x 16 pixels, the unit that JPEG keeps apart.
        const int Block = 16;
        var levels = "abcdef".ToDictionary(letter => letter, letter => (byte)((letter - 'a') * 50));
        var stored = new byte[6 * Block * Block * 3];
        for (var i = 0; i < stored.Length; i++)
        {
            var (x, y) = (i / 3 % (3 * Block), i / 3 / (3 * Block));
            stored[i] = levels["abcdef"[(y / Block * 3) + (x / Block)]];
        }

        var image = ReadRgb(Jpeg(3 * Block, 2 * Block, stored, orientation));

        Assert.Equal((width * Block, 6 / width * Block), (image.Width, image.Height));
        for (var i = 0; i < seen.Length; i++)
        {
            var (x, y) = ((i % width * Block) + (Block / 2), (i / width * Block) + (Block / 2));
            Assert.InRange(image.Pixels[((y * image.Width) + x) * 3], levels[seen[i]] - 3, levels[seen[i]] + 3);
        }
    }

    // The file has data for one pixel: only a check before decoding can speak of the size.
    [Theory]
    [InlineData(ImageFile.MaxSide + 1, 1)]
    [InlineData(1, ImageFile.MaxSide + 1)]
    [InlineData(9000, 9000)]
    public void ReadRgb_TooLarge_IsRefusedBeforeDecoding(int width, int height)
    {
        var png = Png(1, 1, 3, [1, 2, 3]);
        WriteHeader(png, width, height);
        var message = Assert.Throws<InputFaultException>(() => ReadRgb(png)).Message;
        Assert.Contains($"{width} x {height} pixels; at most 16384", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRgb_SizeThatOverflows_IsRefused()
    {
        var png = Png(1, 1, 3, [1, 2, 3]);
        WriteHeader(png, int.MaxValue, int.MaxValue);
        Assert.Throws<InputFaultException>(() => ReadRgb(png));
    }

    [Fact]
    public void ReadRgb_NoImage_SaysSo()
    {
        Assert.Contains("not a JPEG or PNG", Assert.Throws<InputFaultException>(() => ReadRgb("plain text"u8.ToArray())).Message, StringComparison.Ordinal);
        Assert.Contains("not a JPEG or PNG", Assert.Throws<InputFaultException>(() => ReadRgb([])).Message, StringComparison.Ordinal);
        Assert.Contains("not a JPEG or PNG", Assert.Throws<InputFaultException>(() => ReadRgb(Encode(SKEncodedImageFormat.Webp, 3, 2, Six))).Message, StringComparison.Ordinal);
        Assert.Throws<InputFaultException>(() => ImageFile.ReadRgb(RepositoryFiles.Golden("astronaut", "face.ppm")));
    }

    [Fact]
    public void ReadRgb_CutFile_IsRefused()
    {
        var jpeg = Jpeg(48, 32, [.. Enumerable.Range(0, 48 * 32 * 3).Select(i => (byte)(i * 7))], 1);
        var png = Png(3, 2, 3, Six);
        Assert.Throws<InputFaultException>(() => ReadRgb(jpeg[..(jpeg.Length / 2)]));
        Assert.Throws<InputFaultException>(() => ReadRgb(png[..45]));
    }

    [Fact]
    public void ReadRgb_MutatedFile_GivesAnImageOrAnInputFault()
    {
        var sources = new[] { Png(3, 2, 3, Six), Jpeg(48, 32, [.. Enumerable.Range(0, 48 * 32 * 3).Select(i => (byte)(i * 7))], 6) };
        Gen.Select(Gen.Int[0, 1], Gen.Select(Gen.Int[0, 9999], Gen.Byte).Array[1, 4]).Sample(
            (source, flips) =>
            {
                var bytes = (byte[])sources[source].Clone();
                foreach (var (at, value) in flips)
                {
                    bytes[at % bytes.Length] = value;
                }

                try
                {
                    var image = ReadRgb(bytes);
                    Assert.Equal(image.Width * image.Height * 3, image.Pixels.Length);
                }
                catch (InputFaultException)
                {
                    // The one allowed outcome beside an image.
                }
            },
            iter: 1_000,
            threads: 1);
    }

    private static RgbImage ReadRgb(byte[] bytes) => ImageFile.ReadRgb(new MemoryStream(bytes), "image");

    // Width and height stand at bytes 16 and 20; the chunk's checksum follows its 13 bytes.
    private static void WriteHeader(byte[] png, int width, int height)
    {
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
    }

    // Written by hand (PNG specification, sections 5 and 11) so that reader and writer are not of one library. Alpha runs from 0.
    private static byte[] Png(int width, int height, int channels, byte[] rgb)
    {
        var raw = new List<byte>();
        for (var i = 0; i < width * height; i++)
        {
            if (i % width == 0)
            {
                raw.Add(0);
            }

            raw.AddRange(rgb.AsSpan(i * 3, 3));
            if (channels == 4)
            {
                raw.Add((byte)(i * 40));
            }
        }

        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write([.. raw]);
        }

        byte[] header = [0, 0, 0, (byte)width, 0, 0, 0, (byte)height, 8, (byte)(channels == 4 ? 6 : 2), 0, 0, 0];
        return [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] body = [.. type, .. data];
        var (length, crc) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(body));
        return [.. length, .. body, .. crc];
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }

    // A JPEG with an EXIF segment right behind its start (EXIF 2.3, section 4.5): one entry, tag 274.
    private static byte[] Jpeg(int width, int height, byte[] rgb, int orientation)
    {
        byte[] exif =
        [
            .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0,
        ];
        var jpeg = Encode(SKEncodedImageFormat.Jpeg, width, height, rgb);
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    private static byte[] Encode(SKEncodedImageFormat format, int width, int height, byte[] rgb)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var i = 0; i < width * height; i++)
        {
            bitmap.SetPixel(i % width, i / width, new SKColor(rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]));
        }

        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }
}
