using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using ActorCluster.Processing.Voting;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>A journal that the first builds wrote, as later builds must read it. See tests/goldens/journal/README.md.</summary>
public sealed class StoredJournalTests : IAsyncLifetime, IDisposable
{
    private readonly TempData _data = new();
    private ActorSystem _system = null!;
    private SqlReadJournal _journal = null!;

    public async Task InitializeAsync()
    {
        File.Copy(Path.Combine(RepositoryFiles.StoredJournal, "journal.db"), _data.Data.Journal);
        File.Copy(Path.Combine(RepositoryFiles.StoredJournal, "snapshots.db"), _data.Data.Snapshots);
        var state = new SqliteStateStore(_data.Data);
        await state.PrepareAsync(CancellationToken.None);
        _system = ActorSystem.Create("stored", NodeConfiguration.Of(new NodeSettings(), state));
        _journal = PersistenceQuery.Get(_system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
    }

    public Task DisposeAsync() => _system.Terminate();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Run_OfTheFirstBuilds_IsReadToItsState()
    {
        var events = await EventsAsync("run-fixture");
        Assert.Equal(["RunStarted", "VideosFinished", "RunExtended", "VideosFinished"], events.Select(e => e.GetType().Name));

        var run = events.Aggregate(DatasetRunState.Empty, (state, e) => state.Apply(e));

        Assert.Equal(("fixture", 3, "lite", true, false), (run.Spec!.Name, run.Spec.Videos, run.Spec.PipelineName, run.Spec.Csv, run.Spec.Parquet));
        Assert.Equal([VideoStatus.Completed, VideoStatus.Quarantined, VideoStatus.Pending], Enumerable.Range(0, 3).Select(run.Status));
        Assert.Equal(249, run.Frames);
        var text = ((RunEvents.VideosFinished)events[1]).Outcomes.Single();
        Assert.Equal((1, 1, "probe"), (text.Index, text.Revision, text.Stage));
        Assert.NotEmpty(text.Cause);
        Assert.Equal(["RunSubmitted", "RunSubmitted"], (await EventsAsync("run-catalog")).Select(e => e.GetType().Name));
    }

    [Fact]
    public async Task Video_OfTheFirstBuilds_IsReadToItsState()
    {
        var events = (await EventsAsync("video-fixture/0.1")).Cast<IVideoEvent>().ToList();
        Assert.Equal(
            [
                "VideoPlanned", "ChunkStarted", "ChunkEncoded", "ChunkStarted", "ChunkEncoded", "ChunkEncoded", "ChunkSuspected", "ChunkStarted", "ChunkEncoded",
                "ChunkEncoded", "ChunkEncoded", "PublishIntended", "VideoPublished",
            ],
            events.Select(e => e.GetType().Name));

        var video = events.Aggregate(VideoState.Empty, (state, e) => state.Apply(e));

        Assert.Equal((VideoPhase.Published, 249, true), (video.Phase, video.Plan!.Frames, video.IsEncoded));
        Assert.Equal(249, video.Outcome!.LabelTotals.Sum());
        Assert.Equal("good.csv", Assert.Single(video.Outcome.Files));
        var probabilities = (await EventsAsync("voting-fixture/0.1")).Cast<VotingMessages.FramesDecided>().Sum(e => e.Probabilities.Length);
        Assert.Equal(249 * 8 * 2, probabilities);
    }

    private async Task<List<object>> EventsAsync(string persistenceId)
    {
        using var materializer = _system.Materializer();
        return [.. await _journal.CurrentEventsByPersistenceId(persistenceId, 0, long.MaxValue).Select(e => e.Event).RunWith(Sink.Seq<object>(), materializer)];
    }
}
