using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Videos;
using ActorCluster.Processing.Voting;
using ActorCluster.Storage;
using Akka.Actor;
using Akka.Persistence;
using static ActorCluster.Processing.Videos.VideoCommands;
using static ActorCluster.Processing.Videos.VideoEvents;

namespace ActorCluster.Processing.Tests.Videos;

/// <summary>A video's whole way, with a real broker and a real inference node.</summary>
public sealed class VideoActorTests : VideoActorTest, IClassFixture<ShortClip>
{
    private readonly IActorRef _house;

    public VideoActorTests(ShortClip clip)
        : base(clip.Path)
    {
        // The broker and the videos know each other: the one that is made first speaks through a relay.
        var relay = Sys.ActorOf(Props.Create(() => new Relay()));
        Broker = Sys.ActorOf(SlotBrokerActor.Props(relay, _ => NodeLiveness.Alive, () => false));
        _house = StartHouse();
        relay.Tell(_house);
        Sys.ActorOf(InferenceNodeActor.Props(Node, Broker, _house));
    }

    [Fact]
    public async Task ProcessVideo_RealClip_IsPlannedEncodedDecidedPublishedAndReduced()
    {
        var outcome = Finish(_house, Order);
        Assert.Equal((true, ShortClip.Frames, 4, 4, 0, 0), (outcome.Completed, outcome.Frames, outcome.ChunksPlanned, outcome.ChunksStarted, outcome.ChunksRedone, outcome.ChunksReused));
        Assert.Equal((ShortClip.Frames, ShortClip.Frames, 1), (outcome.FaceFrames, outcome.LabelTotals.Sum(), outcome.Attempts));
        Assert.Equal(["clip.csv", "clip.parquet"], outcome.Files.Select(f => f).Order());
        var events = Events(Order).Select(e => e.GetType()).ToList();
        Assert.Equal(typeof(VideoPlanned), events[0]);
        Assert.Equal([4, 4], new[] { events.Count(e => e == typeof(ChunkStarted)), events.Count(e => e == typeof(ChunkEncoded)) });
        Assert.Equal([typeof(PublishIntended), typeof(VideoPublished)], events[^2..]);
        using var csv = new MemoryStream(Csv(Order));
        using var parquet = File.OpenRead(Node.Data.Run("demo").PredictionParquet("clip"));
        var (fromCsv, fromParquet) = (PredictionCsv.Read(csv), await PredictionParquet.ReadAsync(parquet));
        Assert.Equal(ShortClip.Frames, fromCsv.Count);
        Assert.Equal(fromCsv.Labels.AsEnumerable(), fromParquet.Labels.AsEnumerable());

        // The outcome comes with every ping until it is recorded; then the history is reduced and the outcome still known.
        Assert.Equal(outcome.WallSeconds, Finish(_house, Order).WallSeconds);
        _house.Tell(new OutcomeRecorded(Order.Key));
        Await<VideoHouse.Gone>(House);
        Assert.Equal(outcome.ContentHash, Finish(_house, Order).ContentHash);

        // Whatever wakes the ended video without its run goes to rest by itself.
        _house.Tell(new VideoHouse.Crash(Order.Key));
        Await<VideoHouse.Gone>(House);
        _house.Tell(new WorkProgressed(Order.Key, 0, "late", 1, "lease"));
        Await<VideoHouse.Rests>(House);

        // Another run over the same store encodes nothing and gives the same bytes.
        var again = Finish(_house, OrderAgain);
        Assert.Equal((true, 4, 0, 4, 0), (again.Completed, again.ChunksPlanned, again.ChunksStarted, again.ChunksReused, again.ChunksRedone));
        Assert.Equal(Csv(Order), Csv(OrderAgain));
    }

    [Fact]
    public void ProcessVideo_ActorDiesInTheMiddle_GoesOnWithItsLiveLeasesAndGivesTheSameBytes()
    {
        _house.Tell(Order);
        AwaitCondition(() => Events(Order).OfType<ChunkStarted>().Any(), Deadline);
        _house.Tell(new VideoHouse.Crash(Order.Key));
        Await<VideoHouse.Gone>(House);
        _house.Tell(Order);
        AwaitCondition(() => Events(Order).OfType<ChunkEncoded>().Count() >= 2, Deadline);
        _house.Tell(new VideoHouse.Crash(Order.Key));
        var outcome = Finish(_house, Order);
        Assert.Equal((true, 4), (outcome.Completed, outcome.ChunksPlanned));
        Assert.DoesNotContain(Events(Order), e => e is ChunkSuspected);

        // A unit whose start was stored in the very moment of the crash, and which thus never began, is started again and not counted twice.
        Assert.All(Events(Order).OfType<ChunkReleased>(), e => Assert.True(e.NeverBegan));
        Assert.Equal(4, outcome.ChunksStarted);
        Finish(_house, OrderAgain);
        Assert.Equal(Csv(OrderAgain), Csv(Order));
    }

    [Theory]
    [InlineData("video-")]
    [InlineData("voting-")]
    public void ProcessVideo_JournalFailsForAWhile_IsTroubleAndLosesNothing(string whose)
    {
        ProbedJournal.FailWhen(Sys, (id, e) => id.StartsWith(whose, StringComparison.Ordinal) && e is not (VideoPlanned or ChunkStarted));
        _house.Tell(Order);
        var trouble = Await<RunCommands.VideoTroubled>(Runs).Fault;
        Assert.Equal((false, "journal"), (trouble.IsInput, trouble.Stage));
        _house.Tell(Order);
        Await<RunCommands.VideoTroubled>(Runs);
        ProbedJournal.FailWhen(Sys, null);
        var outcome = Finish(_house, Order);
        Assert.Equal((true, ShortClip.Frames, 4), (outcome.Completed, outcome.Frames, outcome.ChunksStarted));
        Assert.Equal(ShortClip.Frames, Written<VotingMessages.FramesDecided>(Order.Key.VotingPersistenceId).Sum(e => e.Flags.Length));
    }

    [Fact]
    public void ProcessVideo_StoredFeaturesAndAudioDamaged_DoesThemAgain()
    {
        Finish(_house, Order);
        var folder = Directory.GetDirectories(Directory.GetDirectories(Node.Data.Features).Single()).Single();
        File.WriteAllText(Path.Combine(folder, "000001.safetensors"), "damaged");
        File.WriteAllText(Path.Combine(folder, "audio.safetensors"), "damaged");
        var outcome = Finish(_house, OrderAgain);
        Assert.True(outcome.Completed);
        Assert.Equal([1, 0], Events(OrderAgain).OfType<ChunksLost>().Select(e => e.Chunks.Length));
        Assert.Equal(2, outcome.ChunksStarted);
        Assert.Equal(Csv(Order), Csv(OrderAgain));
    }

    [Fact]
    public void ProcessVideo_NoVideoAtAll_IsQuarantinedWithWhatTheToolSaid()
    {
        var path = Path.Combine(Node.Data.Root, "notes.mp4");
        File.WriteAllText(path, "these are notes, not a video");
        var order = Order with { Uri = path };
        var outcome = Finish(_house, order);
        Assert.Equal((false, "probe", 0, 0), (outcome.Completed, outcome.Stage, outcome.Frames, outcome.ChunksStarted));
        Assert.NotEmpty(outcome.Cause);
        Assert.NotEmpty(outcome.ToolOutput);
        Assert.IsType<VideoQuarantined>(Assert.Single(Events(order)));
        _house.Tell(new OutcomeRecorded(order.Key));
        Await<VideoHouse.Gone>(House);
        Assert.Equal(outcome.Cause, Finish(_house, order).Cause);
    }

    [Fact]
    public void ProcessVideo_FileChangedAfterTheProbe_IsQuarantinedAsSuch()
    {
        var path = Path.Combine(Node.Data.Root, "changing.mp4");
        File.Copy(Order.Uri, path);
        var order = Order with { Uri = path };
        ProbedJournal.FailWhen(Sys, (_, e) => e is ChunkStarted);
        _house.Tell(order);
        Await<RunCommands.VideoTroubled>(Runs);
        File.AppendAllText(path, "more");
        ProbedJournal.FailWhen(Sys, null);
        var outcome = Finish(_house, order);
        Assert.Contains("changed while the run was going on", outcome.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Recovery_BegunByAnotherNumericVersion_StartsAgainAndMixesNothing()
    {
        Finish(_house, Order);
        var planned = Events(Order).OfType<VideoPlanned>().Single();
        File.Copy(Node.Data.Run("demo").Plan("clip"), Node.Data.Run("again").Plan("clip"));
        var half = BitConverter.GetBytes(BitConverter.HalfToUInt16Bits((Half)1f));
        var fear = Enumerable.Range(0, 8).SelectMany(k => k == 3 ? half : [0, 0]).ToArray();
        Seed(OrderAgain.Key.PersistenceId, planned with { NumericVersion = planned.NumericVersion - 1 });
        Seed(OrderAgain.Key.VotingPersistenceId, new VotingMessages.FramesDecided(0, fear, [(byte)(Core.FrameFlags.Decoded | Core.FrameFlags.Voted)]));

        Assert.True(Finish(_house, OrderAgain).Completed);
        var restarted = Assert.Single(Events(OrderAgain).OfType<VideoRestarted>());
        Assert.Equal((planned.NumericVersion - 1, planned.NumericVersion), (restarted.FromVersion, restarted.ToVersion));
        Assert.Equal(planned.NumericVersion, Events(OrderAgain).OfType<VideoPlanned>().Last().NumericVersion);
        Assert.Equal(Csv(Order), Csv(OrderAgain));
    }

    private void Seed(string persistenceId, params object[] events)
    {
        var seeder = Watch(Sys.ActorOf(Props.Create(() => new Seeder(persistenceId, events))));
        ExpectTerminated(seeder, Deadline);
    }

    /// <summary>Writes what an earlier process had stored.</summary>
    private sealed class Seeder(string id, object[] events) : UntypedPersistentActor
    {
        public override string PersistenceId => id;

        protected override void OnRecover(object message)
        {
            if (message is RecoveryCompleted)
            {
                PersistAll(events, e =>
                {
                    if (ReferenceEquals(e, events[^1]))
                    {
                        Context.Stop(Self);
                    }
                });
            }
        }

        protected override void OnCommand(object message) => Unhandled(message);
    }

    private sealed class Relay : UntypedActor
    {
        private IActorRef _to = ActorRefs.Nobody;

        protected override void OnReceive(object message)
        {
            if (message is IActorRef to)
            {
                _to = to;
            }
            else
            {
                _to.Forward(message);
            }
        }
    }
}
