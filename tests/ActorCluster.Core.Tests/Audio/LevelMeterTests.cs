using ActorCluster.Core.Audio;
using CsCheck;

namespace ActorCluster.Core.Tests.Audio;

public class LevelMeterTests
{
    [Fact]
    public void Finish_SquareAndSineWaves_HaveTheirRms()
    {
        var meter = new LevelMeter();
        meter.Add([.. Enumerable.Range(0, 320).Select(n => n / 16 % 2 == 0 ? 1f : -1f)]);
        meter.Add([.. Enumerable.Range(0, 320).Select(n => (float)Math.Sin(2 * Math.PI * n / 32))]);
        meter.Add([.. Enumerable.Repeat(0.5f, 80)]);
        Assert.Equal([1, Math.Sqrt(0.5), 0.25], meter.Finish().Select(level => Math.Round((double)level, 6)), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Add_SamplesThatAreNone_AreClippedOrSilent()
    {
        var meter = new LevelMeter();
        meter.Add([.. Enumerable.Repeat(float.NaN, 320), .. Enumerable.Repeat(float.NegativeInfinity, 320), .. Enumerable.Repeat(float.MaxValue, 320)]);
        Assert.Equal([0, 1, 1], meter.Finish());
    }

    [Fact]
    public void Finish_NoSamples_IsEmpty()
    {
        Assert.Empty(new LevelMeter().Finish());
    }

    [Fact]
    public void Add_AnyBlockSizes_GiveTheSameLevels()
    {
        Gen.Select(Gen.Float[-1, 1].Array[0, 2000], Gen.Int[1, 700].Array[1, 20]).Sample((samples, sizes) =>
        {
            var (whole, blocks) = (new LevelMeter(), new LevelMeter());
            whole.Add(samples);
            for (int at = 0, i = 0; at < samples.Length; i++)
            {
                var size = Math.Min(sizes[i % sizes.Length], samples.Length - at);
                blocks.Add(samples.AsSpan(at, size));
                at += size;
            }

            var levels = whole.Finish();
            Assert.Equal((samples.Length + 319) / 320, levels.Length);
            Assert.Equal(levels, blocks.Finish());
        });
    }
}
