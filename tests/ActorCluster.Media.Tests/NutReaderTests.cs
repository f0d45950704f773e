using System.Diagnostics;
using ActorCluster.Core;
using CsCheck;

namespace ActorCluster.Media.Tests;

public sealed class NutReaderTests
{
    private static readonly Lazy<byte[]> Stream = new(() =>
        File.ReadAllBytes(SampleVideos.Make("raw.nut", "-f lavfi -i testsrc2=size=64x48:rate=30000/1001:duration=3 -pix_fmt rgb24 -c:v rawvideo -write_index 0")));

    [Fact]
    public void TryReadFrame_StreamByFfmpeg_GivesEveryPictureAndTime()
    {
        var pictures = SampleVideos.Make("raw.rgb", "-f lavfi -i testsrc2=size=64x48:rate=30000/1001:duration=3 -pix_fmt rgb24 -f rawvideo");
        var expected = File.ReadAllBytes(pictures);
        foreach (var piece in new[] { 1, 7, 4096, int.MaxValue })
        {
            var nut = Open(Stream.Value, piece);
            var got = new List<byte>();
            var index = 0;
            while (nut.TryReadFrame(out var ticks, out var size))
            {
                Assert.Equal(index++, nut.Rescale(ticks, new Rational(1001, 30000)));
                var body = new byte[size];
                nut.ReadBody(body);
                got.AddRange(body);
            }

            Assert.Equal(expected, got);
        }
    }

    [Fact]
    public void TryReadFrame_PicturesSkipped_GivesTheSameTimes()
    {
        var nut = Open(Stream.Value, 1000);
        var count = 0;
        while (nut.TryReadFrame(out _, out _))
        {
            nut.SkipBody();
            count++;
        }

        Assert.Equal(90, count);
    }

    [Fact]
    public void TryReadFrame_DamagedStream_EndsOrSaysSo() =>
        Gen.Select(Gen.Int[0, 2000], Gen.Byte, Gen.Int[1, 4000]).Sample((at, value, length) =>
        {
            var bytes = Stream.Value[..Math.Min(Stream.Value.Length, length + 2000)];
            bytes[Math.Min(at, bytes.Length - 1)] = value;
            var nut = Open(bytes, 500);
            try
            {
                while (nut.TryReadFrame(out _, out _))
                {
                    nut.SkipBody();
                }
            }
            catch (InvalidDataException)
            {
                // What a damaged stream is meant to end in, when the damage shows.
            }
        });

    [Fact]
    public void TryReadFrame_NothingAtAll_IsTheEnd() => Assert.False(Open([], 10).TryReadFrame(out _, out _));

    [Fact]
    public void TryReadFrame_CutInsideAPicture_IsMalformed()
    {
        var nut = Open(Stream.Value[..(Stream.Value.Length / 2)], 1000);
        Assert.Throws<InvalidDataException>(() =>
        {
            while (nut.TryReadFrame(out _, out _))
            {
                nut.SkipBody();
            }
        });
    }

    private static NutReader Open(byte[] bytes, int piece)
    {
        var stream = new MemoryStream(bytes);
        return new NutReader(new NutInput(buffer => stream.Read(buffer[..Math.Min(buffer.Length, piece)])));
    }
}
