using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>Runs of a busy cluster are cancelled, paused, put before others and resumed; it takes effect soon, and nothing is lost.</summary>
public sealed class SteeringTests(Workload work, ITestOutputHelper output) : ScenarioTests(work, output)
{
    private const string GivenUp = "given-up";
    private static readonly TimeSpan ActsWithin = TimeSpan.FromSeconds(2);

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task Runs_CancelledPausedReprioritisedResumed_ActWithinTwoSecondsAndLoseNothing(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ThreeNodesAsync();
        await using (var observer = await Observer.JoinAsync(cluster))
        {
            await cluster.SubmitAsync(slowly: true);
            await observer.Node.SubmitAsync(new RunRequest([Work.Videos], Work.SlowPipeline, GivenUp, Csv: true, Parquet: false));
            await cluster.UntilStoredAsync(Moment(random));

            Say(await observer.TimeAsync(isFirstTimed: false, ["run", "list"], ["run", "show", Workload.Run], ["video", "list", Workload.Run], ["video", "show", Workload.Run, "video-0"]));
            var cancelled = await CommandAsync(observer, "run", "cancel", GivenUp, "-yes");
            await RestAsync(observer, GivenUp, cancelled, revokes: true);
            var end = await observer.Node.ProgressAsync(GivenUp);
            Assert.Equal((RunPhase.Cancelled, end.Registered), (end.Phase, end.Completed + end.Quarantined + end.Cancelled));

            await CommandAsync(observer, "run", "priority", Workload.Run, "-5");
            var paused = await CommandAsync(observer, "run", "pause", Workload.Run);
            await RestAsync(observer, Workload.Run, paused, revokes: false);
            var stored = cluster.StoredUnits;
            await cluster.UntilPassedAsync(ActsWithin);
            Assert.Equal(stored, cluster.StoredUnits);
            await CommandAsync(observer, "run", "resume", Workload.Run);
        }

        // Not one chunk is done again: what was in flight at the pause was finished, and what the other run had in flight was another run's.
        await EndAsync(cluster, seed, bound: 0);
    }

    private static async Task<DateTime> CommandAsync(Observer observer, params string[] words)
    {
        Assert.IsType<CommandAnswer.Line>(Assert.Single(await observer.AskAsync(words)));
        return DateTime.UtcNow;
    }

    /// <summary>Waits until nothing of a run is in flight; nothing may have been started later than it takes a command to act.</summary>
    private async Task RestAsync(Observer observer, string run, DateTime since, bool revokes)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(await observer.Node.ProgressAsync(run)).InFlight.IsEmpty)
        {
            await look.WaitForNextTickAsync();
        }

        var attempts = new List<UnitAttempt>();
        foreach (var video in (await observer.Node.VideosAsync(new VideoQuery(run))).Rows)
        {
            attempts.AddRange((await observer.Node.VideoAsync(run, video.Id)).Units.SelectMany(u => u.Tries));
        }

        Say($"{run}: at rest {(DateTime.UtcNow - since).TotalSeconds:0.0} s after the command; {attempts.Count(a => a.End == AttemptEnd.Encoded)} of {attempts.Count} attempts were finished.");
        Assert.NotEmpty(attempts);
        Assert.All(attempts, a => Assert.True(a.StartedAt <= (since + ActsWithin).Ticks, "A unit was started after the command."));
        Assert.All(attempts.Where(a => !revokes), a => Assert.Equal(AttemptEnd.Encoded, a.End));
    }
}
