using System.Globalization;
using System.Runtime.CompilerServices;
using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>
/// What all scenarios share: the videos, the seeds that choose moment and victim, and the end, at which the outputs are an undisturbed run's, few chunks were
/// done again and nothing is left over.
/// </summary>
/// <remarks>
/// One seed each, unless <see cref="SeedsVariable"/> says how many. Each end adds a line to the file that <see cref="TableVariable"/> names, if it is set;
/// <c>tests/chaos.sh</c> makes a table of them.
/// </remarks>
[Collection(ClusterCollection.Name)]
public abstract class ScenarioTests(Workload work, ITestOutputHelper output)
{
    /// <summary>Of the trait that a normal run of the tests leaves out.</summary>
    public const string Category = "Category";

    /// <summary>Scenarios that a normal run of the tests leaves out.</summary>
    public const string Chaos = "Chaos";

    private const string SeedsVariable = "ACTORCLUSTER_CHAOS_SEEDS";
    private const string TableVariable = "ACTORCLUSTER_CHAOS_TABLE";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable(SeedsVariable) ?? "1", CultureInfo.InvariantCulture))];

    protected Workload Work { get; } = work;

    /// <summary>How many units are stored when the scenario does its worst: between a sixth and a half of all.</summary>
    protected int Moment(Random random) => random.Next(Work.Units / 6, Work.Units / 2);

    /// <summary>Three nodes of all roles, of which the first has the singletons.</summary>
    private protected async Task<ClusterHarness> ThreeNodesAsync(int slots = 2, bool durable = false, params (string Timer, int Seconds)[] timers)
    {
        var cluster = new ClusterHarness(Work, "a", "b", "c");
        foreach (var (timer, seconds) in timers)
        {
            cluster.Environment[$"ACTORCLUSTER__TIMERS__{timer}_SECONDS"] = $"{seconds}";
        }

        await cluster.StartPostgresAsync(durable);
        await cluster.StartNodeAsync("a", slots: slots);
        await Task.WhenAll(cluster.StartNodeAsync("b", slots: slots), cluster.StartNodeAsync("c", slots: slots));
        return cluster;
    }

    /// <summary>Waits for the end of the run and looks at everything that it must have left behind, and must not.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="seed">The scenario's seed.</param>
    /// <param name="bound">How many chunks may have been done again: one for each slot that died.</param>
    /// <param name="expected">What the outputs must be; by default those of an undisturbed run.</param>
    /// <param name="scenario">The scenario's name.</param>
    private protected async Task EndAsync(ClusterHarness cluster, int seed, int bound, ClusterOutputs? expected = null, [CallerMemberName] string scenario = "")
    {
        ClusterOutputs? outputs = null;
        Exception? different = null;
        var histories = "";
        var ended = await Record.ExceptionAsync(() => cluster.WaitForEndAsync(Deadline));
        if (ended is null)
        {
            outputs = cluster.Outputs();
            different = Record.Exception(() => outputs.AssertSameAs(expected ?? Work.Expected));
            histories = outputs.Redone > bound ? await cluster.HistoriesAsync() : "";
        }

        var left = ended ?? await Record.ExceptionAsync(cluster.AssertNothingLeftAsync);
        string[] row = [scenario, $"{seed}", outputs is null ? "?" : $"{outputs.Redone}", $"{bound}", ended is not null ? "not ended" : different is null ? "yes" : "no", left is null ? "yes" : "no"];
        output.WriteLine(string.Join(" | ", row));
        if (Environment.GetEnvironmentVariable(TableVariable) is { Length: > 0 } table)
        {
            await File.AppendAllTextAsync(table, string.Join('\t', row) + "\n");
        }

        Assert.Null(ended);
        Assert.Null(different);
        Assert.True(outputs!.Redone <= bound, $"{outputs.Redone} chunks were done again, not {bound} at most.\n{histories}\n{cluster.Logs}");
        Assert.Null(left);
    }

    /// <summary>Adds a remark to the scenario's output.</summary>
    protected void Say(string remark) => output.WriteLine(remark);
}
