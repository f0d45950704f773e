using ActorCluster.Core.Pipelines;
using ActorCluster.Media.Faces;

namespace ActorCluster.Media.Tests.Faces;

public sealed class FaceTrackerTests : IDisposable
{
    private const int Width = 1280;
    private const int Height = 720;

    private static readonly FaceSettings Settings = new("", 0.5, 0.0625, 1.25, 0.1);

    // The talking head as the tracker sees it in its own clip; where a smaller copy lies follows from it.
    private static readonly Lazy<FaceBox?[]> TalkingHead = new(() =>
    {
        using var detector = new FaceDetector(RepositoryFiles.Detector);
        return Track(detector, ClipFrames.TalkingHead(), ClipFrames.TalkingHeadWidth, ClipFrames.TalkingHeadHeight);
    });

    private readonly FaceDetector _detector = new(RepositoryFiles.Detector);

    public void Dispose() => _detector.Dispose();

    [Fact]
    public void Next_TalkingHead_FindsAFaceInEveryFrameButAFew()
    {
        Assert.Equal(ClipFrames.TalkingHeadCount, TalkingHead.Value.Length);
        Assert.InRange(TalkingHead.Value.Count(box => box is not null), 0.95 * ClipFrames.TalkingHeadCount, ClipFrames.TalkingHeadCount);
    }

    [Fact]
    public void Next_SameFramesAgain_GivesTheSameBits() =>
        Assert.Equal(TalkingHead.Value, Track(_detector, ClipFrames.TalkingHead(), ClipFrames.TalkingHeadWidth, ClipFrames.TalkingHeadHeight));

    [Theory]
    [InlineData(16, 0, 0)]
    [InlineData(16, 1, 1)]
    [InlineData(16, 0.31, 0.37)]
    [InlineData(10, 1, 0)]
    [InlineData(10, 0.62, 0.8)]
    public void Next_SmallFaceInALargeFrame_IsFoundAtItsPlace(double sidesPerFrame, double acrossX, double acrossY)
    {
        var scale = Width / sidesPerFrame / TalkingHead.Value.Average(box => box!.Value.Side);
        var x = (int)(acrossX * (Width - (int)(ClipFrames.TalkingHeadWidth * scale)));
        var y = (int)(acrossY * (Height - (int)(ClipFrames.TalkingHeadHeight * scale)));
        var found = Track(_detector, ClipFrames.TalkingHeadIn720p(scale, x, y), Width, Height);
        Assert.Equal(ClipFrames.TalkingHeadCount, found.Length);
        var (right, wrong) = (0, 0);
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] is { } box)
            {
                _ = IsPlaced(TalkingHead.Value[i]!.Value, box) ? right++ : wrong++;
            }
        }

        Assert.InRange(right, 0.9 * found.Length, found.Length);
        Assert.InRange(wrong, 0, 3);

        bool IsPlaced(FaceBox original, FaceBox box) => box.OverlapWith(new FaceBox(
            (float)(x + (original.X * scale)), (float)(y + (original.Y * scale)), (float)(original.Width * scale), (float)(original.Height * scale), 1)) > 0.4;
    }

    [Theory]
    [InlineData("testsrc2=size=1280x720:rate=10:duration=4")]
    [InlineData("life=size=1280x720:rate=10:mold=10:ratio=0.1:seed=1,trim=duration=4")]
    public void Next_NoFace_FindsNone(string source) =>
        Assert.All(Track(_detector, ClipFrames.Read(Width, Height, "-f", "lavfi", "-i", source), Width, Height), box => Assert.Null(box));

    /// <summary>Grey frames, then a face that only tiles can show: found at once where tiles are searched, not elsewhere.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(8, false)]
    [InlineData(9, true)]
    [InlineData(10, false)]
    [InlineData(14, true)]
    public void Next_SmallFaceAfterFacelessFrames_IsFoundWhereTilesAreSearched(int facelessFrames, bool expected)
    {
        var tracker = new FaceTracker(_detector, Settings);
        var grey = Grey();
        for (var i = 0; i < facelessFrames; i++)
        {
            Assert.Null(tracker.Next(grey, Width, Height));
        }

        var scale = Width / 16 / TalkingHead.Value[0]!.Value.Side;
        var face = ClipFrames.TalkingHeadIn720p(scale, 500, 254).First();
        Assert.Equal(expected, tracker.Next(face, Width, Height) is not null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(900)]
    public void Next_SecondFaceAppears_StaysWithTheFirst(int first)
    {
        var tracker = new FaceTracker(_detector, Settings);
        var one = tracker.Next(WithAstronaut(first, 300), Width, Height);
        var two = tracker.Next(WithAstronaut(0, 300, 900), Width, Height);
        Assert.NotNull(one);
        Assert.NotNull(two);
        Assert.InRange(one.Value.OverlapWith(two.Value), 0.9f, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public void Next_SecondLargeFaceAppears_StaysWithTheFirst(int first)
    {
        const int size = ClipFrames.AstronautSize;
        var portrait = ClipFrames.Astronaut();
        var alone = new byte[2 * size * size * 3];
        var both = new byte[2 * size * size * 3];
        ClipFrames.Paste(portrait, size, alone, 2 * size, first, 0);
        ClipFrames.Paste(portrait, size, both, 2 * size, 0, 0);
        ClipFrames.Paste(portrait, size, both, 2 * size, size, 0);
        var tracker = new FaceTracker(_detector, Settings with { SmallestFace = 1 });
        var one = tracker.Next(alone, 2 * size, size);
        var two = tracker.Next(both, 2 * size, size);
        Assert.NotNull(one);
        Assert.NotNull(two);
        Assert.InRange(one.Value.OverlapWith(two.Value), 0.7f, 1);
    }

    [Fact]
    public void Next_SteadyState_AllocatesNothing()
    {
        var tracker = new FaceTracker(_detector, Settings);
        var (face, grey) = (WithAstronaut(700, 300), Grey());
        Track(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Track(10);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Track(int times)
        {
            for (var i = 0; i < times; i++)
            {
                tracker.Next(face, Width, Height);
                tracker.Next(grey, Width, Height);
            }
        }
    }

    [Theory]
    [InlineData(0, 0.0625)]
    [InlineData(1, 0.0625)]
    [InlineData(double.NaN, 0.0625)]
    [InlineData(0.5, 0.001)]
    [InlineData(0.5, 1.5)]
    [InlineData(0.5, double.NaN)]
    public void Constructor_SettingsOutOfRange_AreRefused(double minScore, double smallestFace) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FaceTracker(_detector, Settings with { MinScore = minScore, SmallestFace = smallestFace }));

    private static FaceBox?[] Track(FaceDetector detector, IEnumerable<byte[]> frames, int width, int height)
    {
        var tracker = new FaceTracker(detector, Settings);
        return [.. frames.Select(frame => tracker.Next(frame, width, height))];
    }

    private static byte[] Grey()
    {
        var frame = new byte[Width * Height * 3];
        Array.Fill<byte>(frame, 128);
        return frame;
    }

    /// <summary>A grey frame with the portrait, whose face is a sixteenth of the frame wide, at each of the columns.</summary>
    private static byte[] WithAstronaut(int first, int y, params int[] more)
    {
        var frame = Grey();
        var portrait = ClipFrames.Astronaut();
        foreach (var x in (int[])[first, .. more])
        {
            ClipFrames.Paste(portrait, ClipFrames.AstronautSize, frame, Width, x, y);
        }

        return frame;
    }
}
