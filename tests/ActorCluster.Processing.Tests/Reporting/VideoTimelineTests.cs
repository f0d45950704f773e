using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Tests.Reporting;

public sealed class VideoTimelineTests
{
    [Fact]
    public void Of_VideoWithADeathAndARelease_TellsEverythingInOrder()
    {
        long second = TimeSpan.TicksPerSecond;
        var key = new VideoKey("demo", 0, 1);
        IVideoEvent[] events =
        [
            new VideoPlanned(1 * second, "plan", "content", 50, 2, 2, false, 1, []),
            new ChunkStarted(2 * second, 0, 1, "a", false),
            new ChunkStarted(3 * second, 1, 1, "b", false),
            new ChunkEncoded(4 * second, 0, -1, 0, true, 2, false),
            new ChunkSuspected(5 * second, 1, "b"),
            new ChunkStarted(6 * second, 1, 2, "a", true),
            new ChunkReleased(8 * second, 1, "the node is stopping", false),
        ];
        var state = events.Aggregate(VideoState.Empty, (s, e) => s.Apply(e));
        state = state.Apply(state.Quarantine(key, new Fault(true, "operator", "enough", "", []), 9 * second));
        var shown = state.Show(0);

        Assert.Equal(
            [
                "planned: 50 frames, 2.0 s, 2 chunks", "audio started, attempt 1 a", "chunk 0 started, attempt 1 b", "audio encoded in 2.0 s a", "chunk 0 lost after 2.0 s: its process died b",
                "chunk 0 started, attempt 2 a", "chunk 0 released after 2.0 s: the node is stopping a", "quarantined: operator: enough",
            ],
            VideoTimeline.Of(shown, shown.Units).Select(h => $"{h.What} {h.Node}".TrimEnd()));
    }
}
