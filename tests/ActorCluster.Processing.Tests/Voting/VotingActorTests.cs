using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Voting;
using ActorCluster.Core.Windows;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Videos;
using ActorCluster.Processing.Voting;
using Akka.Actor;
using Akka.TestKit;
using static ActorCluster.Processing.Voting.VotingMessages;

namespace ActorCluster.Processing.Tests.Voting;

public sealed class VotingActorTests : ActorTest
{
    private const int Frames = 21;
    private static readonly VideoKey Key = new("run", 0, 1);
    private static readonly WindowSettings Windows = new(8, 4);
    private static readonly WindowPlan Plan = new(Frames, Windows);

    [Fact]
    public void Start_NothingStored_AsksForTheFirstWindow()
    {
        var (_, video) = Start();
        Assert.Equal(new VotesCounted(0, 0, false), video.ExpectMsg<VotesCounted>());
    }

    [Fact]
    public void CountVotes_EveryWindowInOrder_DecidesFramesAsSoonAsTheirWindowsHaveVoted()
    {
        var (voting, video) = Start();
        video.ExpectMsg<VotesCounted>();
        for (var w = 0; w < Plan.Count; w++)
        {
            voting.Tell(new CountVotes(Votes(w, 1)));
            var last = w == Plan.Count - 1;
            var counted = video.ExpectMsg<VotesCounted>();
            Assert.Equal((last ? Frames : Plan[w + 1].Start, last), (counted.DecidedFrames, counted.IsComplete));
            Assert.Equal(last ? 0 : w + 1, counted.NextWindow);
        }

        Assert.Equal(Expected(), Decided(voting, video));
    }

    [Fact]
    public void CountVotes_SameWindowsAgain_StoresNothingAndAnswers()
    {
        var (voting, video) = Start();
        video.ExpectMsg<VotesCounted>();
        voting.Tell(new CountVotes(Votes(0, 2)));
        var counted = video.ExpectMsg<VotesCounted>();
        voting.Tell(new CountVotes(Votes(0, 2)));
        Assert.Equal(counted, video.ExpectMsg<VotesCounted>());
        Assert.Single(Written<VotingMessages.FramesDecided>(Key.VotingPersistenceId));
    }

    [Fact]
    public void CountVotes_LaterWindowsFirst_WaitForTheEarlierOnes()
    {
        var (voting, video) = Start();
        video.ExpectMsg<VotesCounted>();
        voting.Tell(new CountVotes(Votes(1, Plan.Count - 1)));
        Assert.Equal(new VotesCounted(0, 0, false), video.ExpectMsg<VotesCounted>());
        voting.Tell(new CountVotes(Votes(0, 1)));
        Assert.True(video.ExpectMsg<VotesCounted>().IsComplete);
        Assert.Equal(Expected(), Decided(voting, video));
    }

    [Fact]
    public void Recovery_CrashAfterEveryThreeWindows_GoesOnToTheSameBits()
    {
        var (voting, video) = Start();
        var counted = video.ExpectMsg<VotesCounted>();
        for (var lives = 0; !counted.IsComplete; lives++)
        {
            Assert.InRange(lives, 0, Plan.Count);
            voting.Tell(new CountVotes(Votes(counted.NextWindow, Math.Min(3, Plan.Count - counted.NextWindow))));
            var before = video.ExpectMsg<VotesCounted>();
            Kill(voting);
            (voting, video) = Start();
            counted = video.ExpectMsg<VotesCounted>();
            Assert.Equal((before.DecidedFrames, before.IsComplete), (counted.DecidedFrames, counted.IsComplete));
            Assert.True(counted.NextWindow <= before.NextWindow || before.IsComplete);
        }

        Assert.Equal(Expected(), Decided(voting, video));
        var stored = Written<VotingMessages.FramesDecided>(Key.VotingPersistenceId).ToList();
        Assert.Equal(Frames, stored.Sum(e => e.Flags.Length));
    }

    [Fact]
    public void Forget_PublishedVideo_LeavesNothingToRecover()
    {
        var (voting, video) = Start();
        video.ExpectMsg<VotesCounted>();
        voting.Tell(new CountVotes(Votes(0, Plan.Count)));
        Assert.True(video.ExpectMsg<VotesCounted>().IsComplete);
        voting.Tell(new Forget());
        video.ExpectMsg<Forgotten>();
        Kill(voting);
        Assert.Equal(new VotesCounted(0, 0, false), Start().Video.ExpectMsg<VotesCounted>());
    }

    [Fact]
    public void CountVotes_JournalFails_StopsAndForgetsWhatWasNotStored()
    {
        var (voting, video) = Start();
        video.ExpectMsg<VotesCounted>();
        video.Watch(voting);
        ProbedJournal.FailWhen(Sys, (id, _) => id == Key.VotingPersistenceId);
        voting.Tell(new CountVotes(Votes(0, Plan.Count)));
        video.ExpectTerminated(voting, Deadline);
        ProbedJournal.FailWhen(Sys, null);
        Assert.Equal(new VotesCounted(0, 0, false), Start().Video.ExpectMsg<VotesCounted>());
    }

    [Fact]
    public async Task Recovery_NewProcessOverTheSameSqliteFiles_GoesOnToTheSameBits()
    {
        using var data = new TempData();
        var sqlite = new SqliteStateStore(data.Data);
        await sqlite.PrepareAsync(CancellationToken.None);
        var next = 0;
        for (var process = 0; next < Plan.Count; process++)
        {
            Assert.InRange(process, 0, 3);
            using var system = ActorSystem.Create("actorcluster", NodeConfiguration.Of(new NodeSettings(), sqlite));
            var parent = system.ActorOf(Props.Create(() => new Guardian(TestActor)));
            next = ExpectMsg<VotesCounted>(Deadline).NextWindow;
            parent.Tell(new CountVotes(Votes(next, Math.Min(3, Plan.Count - next))));
            if (ExpectMsg<VotesCounted>(Deadline) is { IsComplete: true })
            {
                parent.Tell(new GetDecided());
                Assert.Equal(Expected(), ExpectMsg<Decided>(Deadline).Frames);
                next = Plan.Count;
            }

            await system.Terminate();
        }
    }

    private static Core.Voting.FramesDecided Expected()
    {
        var state = VotingState.Create(Frames, Windows);
        foreach (var decided in state.Process(Votes(0, Plan.Count)))
        {
            state = state.Apply(decided);
        }

        return state.Flatten();
    }

    /// <summary>Votes that differ from window to window and frame to frame and do not add up exactly in half floats.</summary>
    private static WindowVotes Votes(int first, int count)
    {
        var rows = Enumerable.Range(first, count).SelectMany(w => Enumerable.Range(0, Windows.Length).Select(row => (w, row))).ToList();
        ImmutableArray<Half> probabilities =
            [.. rows.SelectMany(r => Enumerable.Range(0, Expressions.Count).Select(k => 1.0 + (((r.w * 7) + (r.row * 3) + (k * 5)) % 11)).ToArray() is var raw ? raw.Select(p => (Half)(p / raw.Sum())) : [])];
        return new WindowVotes(first, count, probabilities, [.. rows.Select(r => FrameFlags.Decoded | FrameFlags.FacePresent | (r.row == 3 ? 0 : FrameFlags.Voted))]);
    }

    private (IActorRef Voting, TestProbe Video) Start()
    {
        var video = CreateTestProbe();
        return (video.ChildActorOf(VotingActor.Props(Key, Frames, Windows)), video);
    }

    private static Core.Voting.FramesDecided Decided(IActorRef voting, TestProbe video)
    {
        voting.Tell(new GetDecided(), video);
        return video.ExpectMsg<Decided>().Frames;
    }

    /// <summary>The voting actor's parent in another system.</summary>
    private sealed class Guardian : UntypedActor
    {
        private readonly IActorRef _test;
        private readonly IActorRef _voting;

        public Guardian(IActorRef test) => (_test, _voting) = (test, Context.ActorOf(VotingActor.Props(Key, Frames, Windows)));

        protected override void OnReceive(object message) => (Sender.Equals(_voting) ? _test : _voting).Tell(message);
    }
}
