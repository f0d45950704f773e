using ActorCluster.Core.Audio;
using ActorCluster.Core.Pipelines;
using CsCheck;

namespace ActorCluster.Core.Tests.Audio;

public class AudioPresenceTests
{
    private static readonly AudioSettings HalfASecond = new(0.5, -60);

    [Fact]
    public void Find_NoTrack_IsSilence()
    {
        Assert.All(AudioPresence.Find([], Timelines.Constant(10, 30), HalfASecond), Assert.False);
    }

    [Fact]
    public void Find_SoundInTheMiddle_ReachesHalfAWindowAround()
    {
        // Full scale in [2 s, 3 s), so a frame has audio when its window reaches into that: within 0.25 s.
        float[] levels = [.. Enumerable.Range(0, 250).Select(k => k is >= 100 and < 150 ? 1f : 0f)];
        var present = AudioPresence.Find(levels, Timelines.Constant(50, 10), HalfASecond);
        Assert.Equal(Enumerable.Range(18, 15), Enumerable.Range(0, 50).Where(i => present[i]));
    }

    [Theory]
    [InlineData(-59.9f, true)]
    [InlineData(-60.1f, false)]
    public void Find_SteadyLevel_IsComparedInDbOfFullScale(float db, bool expected)
    {
        var levels = Enumerable.Repeat(MathF.Pow(10, db / 20), 100).ToArray();
        Assert.Equal(expected, AudioPresence.Find(levels, Timelines.Constant(2, 1), HalfASecond)[1]);
    }

    [Fact]
    public void Find_WindowBeyondTheTrack_CountsAsSilence()
    {
        // Half of the window lies before the track: 3 dB less.
        var levels = Enumerable.Repeat(MathF.Pow(10, -58f / 20), 100).ToArray();
        Assert.Equal([false, true, false], AudioPresence.Find(levels, Timelines.Constant(3, 1), HalfASecond with { PresenceLevelDb = -60 }));
        Assert.Equal([true, true, true], AudioPresence.Find(levels, Timelines.Constant(3, 1), HalfASecond with { PresenceLevelDb = -61.1 }));
    }

    [Fact]
    public void Find_TimelineThatDoesNotBeginAtZero_IsMeasuredFromItsFirstFrame()
    {
        float[] levels = [.. Enumerable.Repeat(0f, 50), .. Enumerable.Repeat(1f, 50)];
        var timeline = new FrameTimeline(new Rational(1, 10), [-1000, -995, -985]);
        Assert.Equal([false, false, true], AudioPresence.Find(levels, timeline, HalfASecond));
    }

    [Fact]
    public void Find_AnyTrack_AgreesWithSummingEachWindow()
    {
        var gen =
            from levels in Gen.Float[0, 1].Array[0, 200]
            from width in Gen.Double[0.02, 2]
            from db in Gen.Double[-30, 0]
            select (levels, settings: new AudioSettings(width, db));
        gen.Sample(t =>
        {
            var timeline = Timelines.Constant(100, 24);
            var present = AudioPresence.Find(t.levels, timeline, t.settings);
            for (var frame = 0; frame < timeline.Count; frame++)
            {
                var (from, to) = (timeline.SecondsAt(frame) - (t.settings.PresenceWindowSeconds / 2), timeline.SecondsAt(frame) + (t.settings.PresenceWindowSeconds / 2));
                var energy = t.levels.Select((level, k) => Math.Max(0, Math.Min(to, (k + 1) * 0.02) - Math.Max(from, k * 0.02)) * level * level).Sum();
                var db = 10 * Math.Log10(energy / t.settings.PresenceWindowSeconds);
                if (Math.Abs(db - t.settings.PresenceLevelDb) > 1e-6)
                {
                    Assert.Equal(db >= t.settings.PresenceLevelDb, present[frame]);
                }
            }
        });
    }
}
