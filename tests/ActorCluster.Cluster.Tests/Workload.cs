using System.Text.Json.Nodes;
using ActorCluster.Node.Tests;
using ActorCluster.Storage;

namespace ActorCluster.Cluster.Tests;

/// <summary>
/// The videos that every scenario processes, made once: a minute or more each, small, few frames a second, some without sound, looked at as whole
/// frames by an encoder that takes time and no processor; and what an undisturbed run of one process makes of them.
/// </summary>
public sealed class Workload : IAsyncLifetime
{
    /// <summary>The run's name in every scenario.</summary>
    public const string Run = "test";

    private const int ChunkSeconds = 10;

    /// <summary>Seconds and frames a second of each video; every third one has no sound.</summary>
    private static readonly (int Seconds, int Rate)[] Kinds = [(60, 4), (73, 2), (66, 3), (90, 2), (61, 4), (80, 3)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-workload-");

    /// <summary>The folder of videos.</summary>
    public string Videos => _folder.CreateSubdirectory("videos").FullName;

    /// <summary>The pipeline file: about a second a chunk.</summary>
    public string Pipeline => Path.Combine(_folder.FullName, "rehearsal.json");

    /// <summary>The same, four times as slow, for scenarios that take their time. It computes the same.</summary>
    public string SlowPipeline => Path.Combine(_folder.FullName, "slow-rehearsal.json");

    /// <summary>Chunks and audio tracks in all.</summary>
    public int Units { get; } = Kinds.Sum(k => ((k.Seconds + ChunkSeconds - 1) / ChunkSeconds) + 1);

    /// <summary>What an undisturbed run gives.</summary>
    internal ClusterOutputs Expected { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Task.WhenAll(Kinds.Index().Chunk(2).Select(async pair =>
        {
            foreach (var (i, (seconds, rate)) in pair)
            {
                await MakeAsync(i, seconds, rate);
            }
        }));
        await WritePipelineAsync(Pipeline, 0.25);
        await WritePipelineAsync(SlowPipeline, 1);

        var data = _folder.CreateSubdirectory("data").FullName;
        (await ActorClusterProcess.RunAsync(["process", Videos, "--data", data, "--run", Run, "--pipeline", Pipeline, "--slots", "8"])).Expect(0);
        Expected = ClusterOutputs.Of(new DataDirectory(data).Run(Run));
        Assert.Equal(Kinds.Length, Expected.Predictions.Count);
        Assert.Equal(0, Expected.Redone);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private static async Task WritePipelineAsync(string path, double batchSeconds)
    {
        var pipeline = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "configs", "pipelines", "rehearsal.json")))!;
        pipeline["chunkSeconds"] = ChunkSeconds;
        pipeline["visual"]!["batchSeconds"] = batchSeconds;
        await File.WriteAllTextAsync(path, pipeline.ToJsonString());
    }

    private Task MakeAsync(int index, int seconds, int rate) => Tool.RunAsync("ffmpeg", [
        "-loglevel", "error",
        "-f", "lavfi", "-i", $"testsrc2=size=64x48:rate={rate}:duration={seconds}",
        .. index % 3 == 2 ? (string[])[] : ["-f", "lavfi", "-i", $"sine=frequency={300 + (100 * index)}:duration={seconds}", "-c:a", "aac", "-b:a", "32k"],
        "-vf", $"hue=h={40 * index}", "-c:v", "libx264", "-preset", "ultrafast", "-g", $"{5 * rate}", "-threads", "1",
        Path.Combine(Videos, $"video-{index}.mp4"),
    ]);
}
