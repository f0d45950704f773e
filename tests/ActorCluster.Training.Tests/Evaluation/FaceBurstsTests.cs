using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Training.Evaluation;
using CsCheck;

namespace ActorCluster.Training.Tests.Evaluation;

public sealed class FaceBurstsTests
{
    private const int FramesPerSecond = 25;

    [Fact]
    public void Hide_AnyVideo_MeetsTheShareAndHidesFacesOnly()
    {
        Gen.Select(Gen.Bool.Array[1, 400], Gen.Double[0, 1], Gen.ULong).Sample((face, share, seed) =>
        {
            var left = FaceBursts.Hide([.. face], Timeline(face.Length), share, seed, "video");
            Assert.All(Enumerable.Range(0, face.Length), i => Assert.True(face[i] || !left[i]));
            var faces = face.Count(f => f);
            Assert.InRange(faces - left.Count(f => f), (share * faces) - 0.5, (share * faces) + 0.5);
        });
    }

    [Fact]
    public void Hide_LargerShare_HidesWhatTheSmallerHides()
    {
        Gen.Select(Gen.Bool.Array[1, 400], Gen.Double[0, 1], Gen.Double[0, 1], Gen.ULong).Sample((face, a, b, seed) =>
        {
            var (less, more) = (Hide(Math.Min(a, b)), Hide(Math.Max(a, b)));
            Assert.All(Enumerable.Range(0, face.Length), i => Assert.True(less[i] || !more[i]));

            ImmutableArray<bool> Hide(double share) => FaceBursts.Hide([.. face], Timeline(face.Length), share, seed, "video");
        });
    }

    [Theory]
    [InlineData(0.10)]
    [InlineData(0.25)]
    [InlineData(0.50)]
    public void Hide_LongVideo_HidesInBurstsOfHalfASecondOrMore(double share)
    {
        var face = Enumerable.Repeat(true, 20_000).ToImmutableArray();
        var runs = Runs(FaceBursts.Hide(face, Timeline(face.Length), share, seed: 3, "video"));

        // One burst was cut where the share was reached, one may reach over the end of the video.
        Assert.InRange(runs.Count(r => r < FaceBursts.ShortestSeconds * FramesPerSecond), 0, 2);
        if (share == 0.10)
        {
            // Few meet: their mean length is near that of 0.5 to 3 s.
            Assert.InRange(runs.Average() / FramesPerSecond, 1.6, 2.2);
        }
    }

    [Fact]
    public void Hide_OtherSeedOrVideo_HidesOtherFrames()
    {
        var face = Enumerable.Repeat(true, 2_000).ToImmutableArray();
        bool[] Hide(ulong seed, string id) => [.. FaceBursts.Hide(face, Timeline(face.Length), 0.25, seed, id)];
        Assert.Equal(Hide(1, "a"), Hide(1, "a"));
        Assert.NotEqual(Hide(1, "a"), Hide(2, "a"));
        Assert.NotEqual(Hide(1, "a"), Hide(1, "b"));
    }

    private static List<int> Runs(ImmutableArray<bool> left)
    {
        List<int> runs = [];
        for (var i = 0; i < left.Length; i++)
        {
            if (!left[i])
            {
                var start = i;
                while (i < left.Length && !left[i])
                {
                    i++;
                }

                runs.Add(i - start);
            }
        }

        return runs;
    }

    private static FrameTimeline Timeline(int frames) => new(new Rational(1, FramesPerSecond), [.. Enumerable.Range(0, frames).Select(i => (long)i)]);
}
