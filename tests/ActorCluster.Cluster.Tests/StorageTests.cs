using ActorCluster.Node.Tests;
using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>The folder that all nodes share is gone for a while, or full.</summary>
public sealed class StorageTests(Workload work, ITestOutputHelper output) : ScenarioTests(work, output)
{
    private const int Slots = 6;

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task SharedFolder_GoneForAWhile_IsWaitedFor(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ThreePatientNodesAsync(size: null);
        await cluster.SubmitAsync();
        await cluster.UntilStoredAsync(Moment(random));

        var aside = cluster.Data.Root + "-aside";
        Directory.Move(cluster.Data.Root, aside);
        await cluster.UntilPassedAsync(TimeSpan.FromSeconds(20));
        Assert.False(Directory.Exists(cluster.Data.Root), "Somebody made a folder where the shared one is to be mounted again.");
        Directory.Move(aside, cluster.Data.Root);

        await EndAsync(cluster, seed, Slots);
    }

    [PrivilegedTheory("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt")]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task SharedFolder_FullForAWhile_IsWaitedFor(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ThreePatientNodesAsync(size: "8m");
        await cluster.SubmitAsync();
        await cluster.UntilStoredAsync(Moment(random));

        var ballast = Path.Combine(cluster.Data.Root, "ballast");
        Fill(ballast);
        await cluster.UntilPassedAsync(TimeSpan.FromSeconds(20));
        Assert.False(cluster.HasEnded, "The run was over before the folder was full: nothing is shown.");
        File.Delete(ballast);

        await EndAsync(cluster, seed, Slots);
    }

    /// <summary>Nodes that wait for a store longer than it is away.</summary>
    private async Task<ClusterHarness> ThreePatientNodesAsync(string? size)
    {
        var cluster = new ClusterHarness(Work, "a", "b", "c");
        cluster.Environment["ACTORCLUSTER__TIMERS__STORE_WAIT_SECONDS"] = "60";
        cluster.Environment["ACTORCLUSTER__TIMERS__PATIENCE_SECONDS"] = "60";
        if (size is not null)
        {
            await cluster.MountDataAsync(size);
        }

        await cluster.StartPostgresAsync();
        await cluster.StartNodeAsync("a");
        await Task.WhenAll(cluster.StartNodeAsync("b"), cluster.StartNodeAsync("c"));
        return cluster;
    }

    /// <summary>Writes a file until not a byte more fits.</summary>
    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var size in new[] { 64 << 10, 4 << 10, 1 })
        {
            try
            {
                for (var block = new byte[size]; ;)
                {
                    file.Write(block);
                }
            }
            catch (IOException)
            {
                // Not a block of this size more.
            }
        }
    }
}
