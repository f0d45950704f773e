using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Operator.Tests.Palettes;

public sealed class VideoPaletteTests : PaletteTest
{
    private static readonly long Second = TimeSpan.TicksPerSecond;

    [Fact]
    public async Task List_WithEverySwitch_AsksForThatAndTellsHowManyThereAre()
    {
        for (var i = 0; i < 5; i++)
        {
            Runs.Videos.Add(Video(i));
        }

        var answers = await AnswerAsync("video list demo -state quarantined -cause stream -slowest -skip 1 -take 2");
        Assert.Equal(new VideoQuery("demo", RunVideoState.Quarantined, "stream", Sort: VideoSort.WallSeconds, Descending: true, Skip: 1, Take: 2), Assert.Single(Runs.Queries));
        Assert.Equal("| index:1 video:v1 state:quarantined stage:probe cause:No stream. frames_done:0 frames:50 seconds:2 wall_seconds:1.5 attempts:3", answers[0]);
        Assert.Equal("2 of 5 such videos; -skip 3 shows the next.", answers[^1]);
        Assert.Equal("2 of 5 such videos.", (await AnswerAsync("video list demo -skip 3"))[^1]);
        Assert.Equal("0 of 5 such videos.", Assert.Single(await AnswerAsync("video list demo -skip 9")));
        Assert.Equal(5, (await AnswerAsync("video list demo")).Count);
    }

    [Fact]
    public async Task Show_Video_TellsItsTimelineItsChunksAndWhatTheToolSaid()
    {
        Runs.Videos.Add(Video(1));
        var answers = await AnswerAsync("video show demo v1");
        Assert.Equal(
            [
                "= index:1 video:v1 state:quarantined stage:probe cause:No stream. frames_done:0 frames:50 seconds:2 wall_seconds:1.5 attempts:3 uri:/v/1.mp4 revision:2 content_hash:ab warnings:[odd] files:[] tool_output:[moov atom not found]",
                "00:00:01.0  planned",
                "00:00:02.0  chunk 0 started, attempt 1, on a:1#1",
                "| unit:chunk 0 unit_state:given up attempts:2 nodes:[a:1#1,b:1#1] seconds:3 cause:the node is stopping",
            ],
            answers);
        Assert.Equal("v1", Assert.Single((await RefusedAsync("video show demo v2")).Nearest));
    }

    private static VideoDetail Video(int index) => new(
        new VideoRow(index, $"v{index}", RunVideoState.Quarantined, "probe", "No stream.", 0, 50, 2, 1.5, 3),
        $"/v/{index}.mp4",
        2,
        "ab",
        ["odd"],
        ["moov atom not found"],
        [],
        [
            new VideoUnit(0, "chunk 0", "given up", 2,
                [
                    new UnitAttempt(0, 1, "a:1#1", 2 * Second, 4 * Second, AttemptEnd.Released, "the node is stopping"),
                    new UnitAttempt(0, 2, "b:1#1", 5 * Second, 8 * Second, AttemptEnd.Died, ""),
                ]),
        ],
        [new VideoHappening(Second, "planned", ""), new VideoHappening(2 * Second, "chunk 0 started, attempt 1", "a:1#1")]);
}
