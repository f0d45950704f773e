using System.Collections.Immutable;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Voting;
using ActorCluster.Core.Windows;

namespace ActorCluster.Core.Tests.Voting;

public class VotingStateTests
{
    [Fact]
    public void Process_OverlappingWindows_AveragesThemAndWaitsForTheLast()
    {
        var state = VotingState.Create(3, new WindowSettings(2, 1));
        var first = Votes(0, OneHot(0), OneHot(0));
        Assert.Equal([OneFrame(0, OneHot(0))], state.Process(first).ToArray());

        state = state.Accept(first).Apply(OneFrame(0, OneHot(0)));
        Assert.Equal(1, state.DecidedFrames);
        Assert.Equal([new WindowRange(1, 1)], state.MissingWindows.ToArray());

        var decided = Assert.Single(state.Process(Votes(1, OneHot(3), OneHot(5))));
        Assert.Equal(1, decided.FirstFrame);
        Assert.Equal([0.5f, 0, 0, 0.5f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0], decided.Probabilities.Select(p => (float)p));
        Assert.All(decided.Flags, flags => Assert.Equal(FrameFlags.Voted, flags));
        Assert.True(state.Apply(decided).IsComplete);
        Assert.Empty(state.Apply(decided).MissingWindows);
    }

    [Fact]
    public void Process_FrameWithoutAVote_HasZerosAndItsFacts()
    {
        var state = VotingState.Create(1, new WindowSettings(1, 1));
        var votes = new WindowVotes(0, 1, [.. Enumerable.Repeat(Half.NaN, 8)], [FrameFlags.Decoded]);
        var decided = Assert.Single(state.Process(votes));
        Assert.Equal([FrameFlags.Decoded], decided.Flags.ToArray());
        Assert.All(decided.Probabilities, p => Assert.Equal(Half.Zero, p));
    }

    [Fact]
    public void Process_ManyFramesAtOnce_CutsEvents()
    {
        var video = new VotesOfAVideo(5000, new WindowSettings(1, 1), seed: 1);
        Assert.Equal([2048, 2048, 904], video.Start.Process(video.Of(0, 5000)).Select(decided => decided.Count));
    }

    [Fact]
    public void Process_WindowAheadOfAMissingOne_DecidesNothingYet()
    {
        var video = new VotesOfAVideo(100, new WindowSettings(10, 5), seed: 2);
        var state = video.Start;
        Assert.Empty(state.Process(video.Of(3, 4)));
        state = state.Accept(video.Of(3, 4)).Accept(video.Of(10, 2));
        Assert.Equal([new WindowRange(0, 3), new WindowRange(7, 3), new WindowRange(12, video.Plan.Count - 12)], state.MissingWindows.ToArray());
    }

    [Fact]
    public void Process_SecondAnswerOfAWindow_IsPassedOver()
    {
        var state = VotingState.Create(2, new WindowSettings(1, 1)).Accept(Votes1(1, OneHot(2)));
        var decided = Assert.Single(state.Process(new WindowVotes(0, 2, [.. OneHot(4), .. OneHot(4)], [FrameFlags.Voted, FrameFlags.Voted])));
        Assert.Equal([.. OneHot(4), .. OneHot(2)], decided.Probabilities.ToArray());
    }

    [Fact]
    public void Apply_SameEventTwice_ChangesNothing()
    {
        var state = VotingState.Create(2, new WindowSettings(1, 1)).Apply(OneFrame(0, OneHot(1)));
        Assert.Same(state, state.Apply(OneFrame(0, OneHot(1))));
    }

    [Fact]
    public void Apply_OverlappingEvent_AddsOnlyItsNewFrames()
    {
        var both = new FramesDecided(0, [.. OneHot(1), .. OneHot(2)], [FrameFlags.Voted, FrameFlags.Voted | FrameFlags.FacePresent]);
        var state = VotingState.Create(2, new WindowSettings(1, 1)).Apply(OneFrame(0, OneHot(1))).Apply(both);
        Assert.Equal(both, state.Flatten());
    }

    [Fact]
    public void Apply_GapOrBeyondTheVideo_IsRefused()
    {
        var state = VotingState.Create(2, new WindowSettings(1, 1));
        Assert.Contains("an event is missing", Assert.Throws<ArgumentException>(() => state.Apply(OneFrame(1, OneHot(0)))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => state.Apply(OneFrame(2, OneHot(0))));
        Assert.Throws<ArgumentException>(() => state.Apply(OneFrame(-1, OneHot(0))));
        Assert.Throws<ArgumentException>(() => state.Apply(new FramesDecided(0, [.. OneHot(0)], [FrameFlags.Voted, FrameFlags.Voted])));
    }

    [Fact]
    public void Process_VotesThatAreNot_AreRefused()
    {
        var state = VotingState.Create(3, new WindowSettings(1, 1));
        Assert.Throws<ArgumentException>(() => state.Process(Votes1(3, OneHot(0))));
        Assert.Throws<ArgumentException>(() => state.Process(Votes1(-1, OneHot(0))));
        Assert.Throws<ArgumentException>(() => state.Process(new WindowVotes(0, 0, [], [])));
        Assert.Throws<ArgumentException>(() => state.Process(new WindowVotes(1, int.MaxValue, [], [])));
        Assert.Throws<ArgumentException>(() => state.Process(new WindowVotes(0, 2, [.. OneHot(0)], [FrameFlags.Voted])));
        Assert.Throws<ArgumentException>(() => state.Process(new WindowVotes(0, 1, [.. OneHot(0)], [FrameFlags.Imputed])));
        Assert.Throws<ArgumentException>(() => state.Process(Votes1(0, [.. Enumerable.Repeat(Half.NaN, 8)])));
        Assert.Throws<ArgumentException>(() => state.Process(Votes1(0, [.. Enumerable.Repeat((Half)0.2, 8)])));
        Assert.Throws<ArgumentException>(() => state.Process(Votes1(0, [(Half)1.5, (Half)(-0.5), .. Enumerable.Repeat(Half.Zero, 6)])));
    }

    [Fact]
    public void Equals_SameContentInOtherPieces_IsTrue()
    {
        var video = new VotesOfAVideo(200, new WindowSettings(8, 4), seed: 3);
        var expected = video.Expected();
        var whole = video.Start.Apply(expected with { Probabilities = expected.Probabilities[..(100 * 8)], Flags = expected.Flags[..100] });
        var pieces = video.Start;
        for (var frame = 0; frame < 100; frame++)
        {
            pieces = pieces.Apply(new FramesDecided(frame, expected.Probabilities[(frame * 8)..((frame + 1) * 8)], [expected.Flags[frame]]));
        }

        Assert.Equal(whole, pieces);
        Assert.Equal(whole.GetHashCode(), pieces.GetHashCode());
        Assert.NotEqual(whole, pieces.Accept(video.Of(40, 1)));
        Assert.Equal(whole.Accept(video.Of(40, 2)), pieces.Accept(video.Of(41, 1)).Accept(video.Of(40, 1)));
        Assert.NotEqual(whole, video.Start.Apply(expected));
    }

    [Fact]
    public void Apply_TenHoursInSmallEvents_KeepsFewBlocks()
    {
        const int Frames = 1_000_000;
        const int FramesPerEvent = 32;
        var probabilities = ImmutableArray.Create(new Half[FramesPerEvent * Expressions.Count]);
        var flags = ImmutableArray.Create(new FrameFlags[FramesPerEvent]);
        var state = VotingState.Create(Frames, new WindowSettings(64, 32));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var frame = 0; frame < Frames; frame += FramesPerEvent)
        {
            state = state.Apply(new FramesDecided(frame, probabilities, flags));
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(state.IsComplete);
        Assert.Equal(Frames, state.Flatten().Count);
        // 17 bytes a frame, each copied at most log2(2048 / 32) times, and the list's nodes.
        Assert.InRange(allocated, 0, 300L << 20);
        Assert.InRange(state.BlockCount, 1, (Frames / 1024) + 12);
    }

    private static Half[] OneHot(int k) => [.. Enumerable.Range(0, 8).Select(i => i == k ? Half.One : Half.Zero)];

    private static FramesDecided OneFrame(int frame, Half[] row) => new(frame, [.. row], [FrameFlags.Voted]);

    private static WindowVotes Votes1(int window, Half[] row) => new(window, 1, [.. row], [FrameFlags.Voted]);

    private static WindowVotes Votes(int window, Half[] a, Half[] b) => new(window, 1, [.. a, .. b], [FrameFlags.Voted, FrameFlags.Voted]);
}
