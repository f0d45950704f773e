using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Voting;
using ActorCluster.Core.Windows;
using CsCheck;

namespace ActorCluster.Core.Tests.Voting;

/// <summary>What holds for a video's votes however they arrive and whatever crashes.</summary>
public class VotingStateProperties
{
    private static readonly Gen<(VotesOfAVideo Video, int Seed)> Cases =
        from length in Gen.Int[1, 40]
        from stride in Gen.Int[1, length]
        from frames in Gen.Int[1, 300]
        from seed in Gen.Int
        select (new VotesOfAVideo(frames, new WindowSettings(length, stride), seed), seed);

    [Fact]
    public void Process_AnyOrderGroupingAndCopies_DecidesTheSameBits()
    {
        Cases.Sample(
            t =>
            {
                var (random, state, journal) = (new Random(t.Seed), t.Video.Start, new List<FramesDecided>());
                var arrived = new bool[t.Video.Plan.Count];
                foreach (var votes in Shuffled(random, t.Video).SelectMany(votes => random.Next(4) == 0 ? new[] { votes, votes } : [votes]))
                {
                    var events = state.Process(votes);
                    state = events.Aggregate(state.Accept(votes), (s, decided) => s.Apply(decided));
                    journal.AddRange(events);
                    arrived.AsSpan(votes.FirstWindow, votes.WindowCount).Fill(true);
                    Assert.Equal(LeadingDecidable(t.Video, arrived), state.DecidedFrames);
                }

                CheckComplete(t.Video, state, journal);
            },
            iter: 300);
    }

    [Fact]
    public void Process_CrashesAndRecoveries_DecidesTheSameBitsAndEachFrameOnce()
    {
        Cases.Sample(
            t =>
            {
                var (random, state, journal) = (new Random(t.Seed), t.Video.Start, new List<FramesDecided>());
                var crashes = 5;
                while (!state.IsComplete)
                {
                    foreach (var votes in state.MissingWindows.SelectMany(range => Cut(random, range)).OrderBy(_ => random.Next()).Select(t.Video.Of).ToArray())
                    {
                        var events = state.Process(votes);
                        state = state.Accept(votes);
                        var crash = crashes > 0 && random.Next(6) == 0;
                        // A crash may fall between the events of one answer.
                        var persisted = events.Take(crash ? random.Next(events.Length + 1) : events.Length).ToArray();
                        journal.AddRange(persisted);
                        state = persisted.Aggregate(state, (s, decided) => s.Apply(decided));
                        if (crash)
                        {
                            crashes--;
                            state = Recover(random, t.Video, state, journal);
                            break;
                        }
                    }
                }

                CheckComplete(t.Video, state, journal);
            },
            iter: 300);
    }

    [Fact]
    public void MissingWindows_AfterRecovery_AreThoseThatCoverUndecidedFrames()
    {
        Cases.Sample(t =>
        {
            var decided = new Random(t.Seed).Next(t.Video.Frames);
            var expected = t.Video.Expected();
            var state = t.Video.Start.Apply(new FramesDecided(0, expected.Probabilities[..(decided * 8)], expected.Flags[..decided]));
            var needed = Enumerable.Range(0, t.Video.Plan.Count).Where(window => t.Video.Plan[window].End > decided);
            Assert.Equal(needed, state.MissingWindows.SelectMany(range => Enumerable.Range(range.First, range.Count)));
        });
    }

    /// <summary>The state that a new process finds: from all events, or from a snapshot and the events after it, some of them applied twice.</summary>
    private static VotingState Recover(Random random, VotesOfAVideo video, VotingState live, List<FramesDecided> journal)
    {
        var recovered = random.Next(2) == 0 ? video.Start : video.Start.Apply(live.Flatten());
        recovered = journal.Aggregate(recovered, (s, decided) => s.Apply(decided));
        Assert.Equal(live.Flatten(), recovered.Flatten());
        return recovered;
    }

    /// <summary>The number of leading frames whose every window has arrived.</summary>
    private static int LeadingDecidable(VotesOfAVideo video, bool[] arrived) => Enumerable.Range(0, video.Frames)
        .TakeWhile(frame => !arrived.AsSpan(video.Plan.FirstCovering(frame)..(video.Plan.LastCovering(frame) + 1)).Contains(false))
        .Count();

    private static void CheckComplete(VotesOfAVideo video, VotingState state, List<FramesDecided> journal)
    {
        Assert.True(state.IsComplete);
        Assert.Empty(state.MissingWindows);
        Assert.Equal(video.Expected(), state.Flatten());
        Assert.Equal(Enumerable.Range(0, video.Frames), journal.SelectMany(decided => Enumerable.Range(decided.FirstFrame, decided.Count)));
        Assert.Equal(video.Start.Apply(video.Expected()), state);
    }

    private static WindowVotes[] Shuffled(Random random, VotesOfAVideo video)
    {
        // Overlapping copies beside a full cover.
        var ranges = Cut(random, new WindowRange(0, video.Plan.Count))
            .Concat(Cut(random, new WindowRange(0, video.Plan.Count)).Where(_ => random.Next(3) == 0));
        return [.. ranges.OrderBy(_ => random.Next()).Select(video.Of)];
    }

    private static IEnumerable<WindowRange> Cut(Random random, WindowRange range)
    {
        for (var first = range.First; first < range.End;)
        {
            var count = Math.Min(random.Next(1, 12), range.End - first);
            yield return new WindowRange(first, count);
            first += count;
        }
    }
}
