using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Tests.Serialization;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Tests.Videos;

public sealed class AttemptLogTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private readonly MessageSerializer _serializer = fixture.Serializer;

    [Fact]
    public void Reduced_TooMany_KeepsFailuresAndTheSlowest()
    {
        var log = ImmutableArray<UnitAttempt>.Empty;
        for (var unit = 0; unit < 3_000; unit++)
        {
            log = log.Begun(unit, 1, "node", unit).Ended(unit, unit + (unit % 100), unit % 1_000 == 0 ? AttemptEnd.Died : AttemptEnd.Encoded);
        }

        var kept = log.Reduced();
        Assert.Equal(AttemptLog.MostKept, kept.Length);
        Assert.Equal([0, 1_000, 2_000], kept.Where(a => a.End == AttemptEnd.Died).Select(a => a.Unit));
        Assert.True(kept.Where(a => a.End == AttemptEnd.Encoded).Min(a => a.EndedAt - a.StartedAt) >= log.Except(kept).Max(a => a.EndedAt - a.StartedAt));
        Assert.Equal(kept.OrderBy(a => a.StartedAt), kept);
    }

    [Fact]
    public void Ended_NothingAtWork_ChangesNothing()
    {
        var log = ImmutableArray<UnitAttempt>.Empty.Begun(1, 1, "node", 5).Ended(1, 6, AttemptEnd.Released, new string('c', 500));
        Assert.Equal(UnitAttempt.LongestCause, log[0].Cause.Length);
        Assert.Equal(log, log.Ended(1, 7, AttemptEnd.Encoded));
        Assert.Equal(log, log.Ended(2, 7, AttemptEnd.Encoded));
    }

    [Fact]
    public void Show_LargestVideo_IsToldInPiecesThatFitIntoAMessage()
    {
        const int chunks = 3_600;
        var state = VideoState.Empty.Apply(new VideoPlanned(1, "plan", "content", chunks * 250, chunks * 10, chunks, false, 1, []));
        for (var unit = 0; unit <= chunks; unit++)
        {
            for (var attempt = 1; attempt <= (unit % 50 == 0 ? 25 : 1); attempt++)
            {
                state = state.Apply(new ChunkStarted(unit + attempt, unit, attempt, new string('n', 40), false)).Apply(new ChunkReleased(unit + attempt, unit, new string('漢', 300), false));
            }
        }

        var units = new List<VideoUnit>();
        for (var next = 0; next != VideoReplies.VideoShown.End;)
        {
            var shown = state.Show(next);
            Assert.InRange(_serializer.ToBinary(shown).Length, 1, MessageSerializer.LargestMessage);
            Assert.Equal(next == 0, shown.Plan is not null);
            units.AddRange(shown.Units);
            next = shown.NextUnit;
        }

        Assert.Equal(Enumerable.Range(0, chunks + 1), units.Select(u => u.Unit));
        Assert.Equal((25, 20), (units[50].Attempts, units[50].Tries.Length));
        Assert.All(units, u => Assert.Equal("waiting", u.State));
    }
}
