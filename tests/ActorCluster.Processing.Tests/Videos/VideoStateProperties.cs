using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Tests.Serialization;
using ActorCluster.Processing.Videos;
using CsCheck;

namespace ActorCluster.Processing.Tests.Videos;

/// <summary>Whatever happens to a video, in whatever order.</summary>
public sealed class VideoStateProperties(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private enum Happening
    {
        Grant,
        GrantAlone,
        Store,
        StoreTwice,
        Release,
        Stall,
        Death,
        Find,
    }

    private static readonly Gen<(int Chunks, bool Sequential, (Happening What, int Which)[] Steps)> Lives = Gen.Select(
        Gen.Int[1, 6],
        Gen.Bool,
        Gen.Select(
            Gen.Frequency<Happening>(
                (8, Happening.Grant), (5, Happening.GrantAlone), (6, Happening.Store), (2, Happening.StoreTwice), (2, Happening.Release),
                (1, Happening.Stall), (3, Happening.Death), (1, Happening.Find)),
            Gen.Int[0, 100]).Array[0, 80]);

    private readonly MessageSerializer _serializer = fixture.Serializer;

    [Fact]
    public void AnyLife_Always_KeepsItsPromises() => Lives.Sample(
        life =>
        {
            var history = Live(life.Chunks, life.Sequential, life.Steps, AssertConsistent);
            AssertReplay(history);
        },
        iter: 400,
        threads: 2);

    [Fact]
    public void AnyLife_DrivenToItsEnd_EndsWithCountsThatAddUp() => Lives.Sample(
        life =>
        {
            var history = Live(life.Chunks, life.Sequential, life.Steps, _ => { });
            for (var rounds = 0; !history.State.IsEncoded && !history.State.HasEnded; rounds++)
            {
                // The demand alone must lead to the end: whoever serves it, and nothing else, finishes the video.
                var (free, suspects) = history.State.Demand;
                Assert.True(free + suspects > 0 || history.Workers.Count > 0, "Nothing is wanted, nothing is in flight, and the video is not done.");
                if (free + suspects > 0)
                {
                    Assert.NotNull(history.Grant("last", alone: suspects > 0));
                }

                foreach (var unit in history.Workers.Keys.ToList())
                {
                    history.Store(unit, twice: false);
                }

                Assert.InRange(rounds, 0, 50);
            }

            var outcome = history.State.Summary(VideoHistory.Key, at: 1_000_000);
            Assert.Equal((history.Units.Sum(u => u.Chunks), history.Started, history.Reused), (outcome.ChunksPlanned, outcome.ChunksStarted, outcome.ChunksReused));
            Assert.Equal((0, 0), history.State.IsEncoded ? history.State.Demand : (0, 0));
        },
        iter: 300,
        threads: 2);

    [Fact]
    public void LifeWithoutFinds_DrivenToItsEnd_RedoneIsWhatWasStartedMoreThanOnce() => Lives.Sample(
        life =>
        {
            var steps = life.Steps.Where(s => s.What is not (Happening.Find or Happening.Stall)).ToArray();
            var history = Live(life.Chunks, life.Sequential, steps, _ => { });
            while (!history.State.IsEncoded && !history.State.HasEnded)
            {
                history.Grant("last", alone: history.State.Demand.Suspects > 0);
                history.Workers.Keys.ToList().ForEach(unit => history.Store(unit, twice: false));
            }

            if (history.State.IsEncoded)
            {
                Assert.Equal(history.Redone, history.State.Summary(VideoHistory.Key, 1).ChunksRedone);
            }
        },
        iter: 300,
        threads: 2);

    private static VideoHistory Live(int chunks, bool sequential, (Happening What, int Which)[] steps, Action<VideoHistory> check)
    {
        var history = new VideoHistory(chunks, sequential);
        foreach (var (what, which) in steps)
        {
            if (history.State.HasEnded)
            {
                break;
            }

            Step(history, what, which);
            check(history);
        }

        return history;
    }

    private static void Step(VideoHistory history, Happening what, int which)
    {
        string[] nodes = ["a", "b", "c"];
        var working = history.Workers.Keys.Order().ToList();
        var idle = history.Units.Where(u => !history.Workers.ContainsKey(u.Index) && !history.State.IsDone(u)).ToList();
        switch (what)
        {
            case Happening.Grant or Happening.GrantAlone:
                var alone = what == Happening.GrantAlone;
                var expected = idle.Where(u => history.Suspects.Contains(u.Index) == alone).Select(u => (int?)u.Index).FirstOrDefault();
                Assert.Equal(expected, history.Grant(nodes[which % 3], alone)?.Index);
                break;
            case Happening.Store or Happening.StoreTwice when working.Count > 0:
                history.Store(working[which % working.Count], what == Happening.StoreTwice);
                break;
            case Happening.Release or Happening.Stall when working.Count > 0:
                history.Release(working[which % working.Count], what == Happening.Stall);
                break;
            case Happening.Death:
                history.Die(nodes[which % 3]);
                break;
            case Happening.Find when idle.Count > 0:
                history.Find(idle[which % idle.Count].Index);
                break;
        }
    }

    private static void AssertConsistent(VideoHistory history)
    {
        var state = history.State;
        Assert.Equal(history.Started, state.ChunksStarted);
        Assert.Equal(history.Reused, state.ChunksReused);
        Assert.Equal(state.EncodedChunks.Order().Distinct(), state.EncodedChunks);
        Assert.Equal(history.Stalls.Values.Any(s => s >= VideoState.StallsAllowed) || history.DeathsAlone.Values.Any(d => d >= VideoState.DeathsAloneAllowed), state.HasEnded);
        Assert.Equal(history.Units.Sum(u => state.Unit(u.Index).Attempts), state.Attempts.Length);
        Assert.All(state.Attempts.GroupBy(a => a.Unit), unit => Assert.Equal(Enumerable.Range(1, unit.Count()), unit.Select(a => a.Attempt)));
        if (state.HasEnded)
        {
            return; // What happened to its other units in that moment is not stored any more.
        }

        foreach (var unit in history.Units)
        {
            var known = state.Unit(unit.Index);
            Assert.Equal(history.DeathsAlone.GetValueOrDefault(unit.Index), known.DeathsAlone);
            Assert.Equal(history.Stalls.GetValueOrDefault(unit.Index), known.Stalls);
            Assert.Equal(history.Suspects.Contains(unit.Index), known.Suspect);
            Assert.Equal(history.Workers.GetValueOrDefault(unit.Index, ""), known.Node);
            Assert.Equal(known.InFlight, state.Attempts.LastOrDefault(a => a.Unit == unit.Index) is { End: AttemptEnd.Running });
        }

        var idle = history.Units.Where(u => !history.Workers.ContainsKey(u.Index) && !state.IsDone(u)).ToList();
        var suspects = idle.Count(u => history.Suspects.Contains(u.Index));
        Assert.Equal((idle.Count - suspects, suspects), state.Demand);
    }

    /// <summary>The stored events alone, through the journal's bytes and from any snapshot on, give the same state.</summary>
    private void AssertReplay(VideoHistory history)
    {
        var replayed = VideoState.Empty;
        foreach (var happened in history.Events)
        {
            replayed = Stored(replayed).Apply(Stored(happened));
        }

        Assert.Null(WireShape.Difference(history.State, replayed));
    }

    private T Stored<T>(T value) where T : notnull => (T)_serializer.FromBinary(_serializer.ToBinary(value), _serializer.Manifest(value));
}
