using ActorCluster.Core.Faults;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>A run that nobody disturbs: what others are compared with.</summary>
public sealed class CalmRun : IAsyncLifetime, IDisposable
{
    private readonly ShortClip _clip = new();
    private readonly TempData _data = new();

    /// <summary>The videos' ids; all show the same frames, and no two have the same bytes.</summary>
    public static readonly IReadOnlyList<string> Names = ["a", "b", "c", "d", "e"];

    public async Task InitializeAsync()
    {
        AddVideos(_data, Names.Count);
        await using var node = await StartAsync(_data);
        await SubmitAsync(node, Request(_data));
        await WaitAsync(node, p => p.Phase == RunPhase.Ended);
        Assert.Equal(Names.Count, (await node.ProgressAsync("demo")).Completed);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _clip.Dispose();
        _data.Dispose();
    }

    /// <summary>The bytes of a video's predictions.</summary>
    public byte[] Csv(string id) => Csv(_data, id);

    internal static byte[] Csv(TempData data, string id) => File.ReadAllBytes(data.Data.Run("demo").PredictionCsv(id));

    internal static async Task<ClusterNode> StartAsync(TempData data) => await ClusterNode.StartAsync(data.Data, TestPipeline.Tools, new NodeSettings { Slots = 2 });

    /// <summary>Adds the first videos, each of them the clip with another number of empty boxes at its end, which say nothing.</summary>
    internal void AddVideos(TempData data, int count, int from = 0)
    {
        for (var i = from; i < from + count; i++)
        {
            data.AddVideo(Names[i] + ".mp4", Content(i));
        }
    }

    internal byte[] Content(int video) => [.. File.ReadAllBytes(_clip.Path), .. Enumerable.Repeat<byte[]>([0, 0, 0, 8, .. "free"u8], video).SelectMany(box => box)];

    internal static RunRequest Request(TempData data)
    {
        var (pipeline, _) = TestPipeline.Write(data, chunkSeconds: 1);
        var videos = Directory.CreateDirectory(Path.Combine(data.Inputs, "videos")).FullName;
        foreach (var video in Directory.GetFiles(data.Inputs, "*.mp4"))
        {
            File.Move(video, Path.Combine(videos, Path.GetFileName(video)));
        }

        return new RunRequest([videos], pipeline, "demo", Csv: true, Parquet: false);
    }

    /// <summary>Submits as soon as the node has told that it encodes.</summary>
    internal static async Task SubmitAsync(ClusterNode node, RunRequest request)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                await node.SubmitAsync(request);
                return;
            }
            catch (EnvironmentFaultException e) when (e.Stage == "submit" && attempts < 1_000)
            {
                await look.WaitForNextTickAsync();
            }
        }
    }

    internal static async Task<RunQueries.RunProgress> WaitAsync(ClusterNode node, Func<RunQueries.RunProgress, bool> until)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var progress = await node.ProgressAsync("demo");
            if (until(progress))
            {
                return progress;
            }

            Assert.Empty(node.ReportedFailures);
            await look.WaitForNextTickAsync(deadline.Token);
        }
    }
}
