using ActorCluster.Node.Tests;
using Xunit.Abstractions;

namespace ActorCluster.Cluster.Tests;

/// <summary>One video kills every process that decodes it.</summary>
public sealed class PoisonTests(Workload work, ITestOutputHelper output) : ScenarioTests(work, output)
{
    private const string Poison = "poison.mp4";

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait(Category, Chaos)]
    public async Task ChunkThatKillsItsNode_OnItsThirdDeathAlone_IsQuarantinedAndHarmsNoNeighbour(int seed)
    {
        var random = new Random(seed);
        await using var cluster = new ClusterHarness(Work, "a", "b", "c");
        var videos = Directory.CreateDirectory(Path.Combine(cluster.Root, "videos")).FullName;
        foreach (var video in Directory.EnumerateFiles(Work.Videos))
        {
            File.Copy(video, Path.Combine(videos, Path.GetFileName(video)));
        }

        var source = Directory.EnumerateFiles(Work.Videos).Order(StringComparer.Ordinal).ElementAt(random.Next(6));
        await Tool.RunAsync("ffmpeg", "-loglevel", "error", "-i", source, "-t", "4", "-c", "copy", Path.Combine(videos, Poison));
        cluster.Environment["PATH"] = await PoisonedFfmpeg.WriteAsync(Path.Combine(cluster.Root, "bin"), Poison);

        await cluster.StartPostgresAsync();
        await cluster.StartNodeAsync("a");
        await Task.WhenAll(cluster.StartNodeAsync("b"), cluster.StartNodeAsync("c"));
        await cluster.SubmitAsync(videos: videos);
        var ends = await cluster.SuperviseAsync("a", "b", "c");
        var deaths = ends.Count(code => code == Signals.KilledExit);
        Say($"Exit codes of nodes: {string.Join(", ", ends)}");

        // At least one death in company or alone comes before the third alone.
        Assert.InRange(deaths, 3, 5);
        await EndAsync(cluster, seed, bound: 2 * ends.Count, Work.Expected with { Counts = new(7, 6, 1, 0) });
        Assert.Contains("was alone in 3 processes that died", await File.ReadAllTextAsync(cluster.Data.Run(Workload.Run).Quarantine));
    }
}
