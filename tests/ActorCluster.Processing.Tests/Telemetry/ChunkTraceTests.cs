using System.Collections.Concurrent;
using System.Diagnostics;
using ActorCluster.Core;
using ActorCluster.Core.Pipelines;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Telemetry;
using ActorCluster.Processing.Tests.Decoding;
using ActorCluster.Processing.Videos;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ActorCluster.Processing.Tests.Telemetry;

/// <summary>Real runs with a real exporter, into memory. Other tests of this process are traced as well; each test knows its own traces.</summary>
public sealed class ChunkTraceTests(ShortClip clip, DecodeClips clips) : IClassFixture<ShortClip>, IClassFixture<DecodeClips>
{
    private const string Run = "traced";

    /// <summary>The unit before the three chunks: the audio track, which <c>lite</c> does not encode.</summary>
    private const int Audio = 0;
    private static readonly string[] Every = ["chunk", "decode", "encode", "fuse", "store", "vote", "work"];
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Run_OfSeveralChunks_GivesEachOneConnectedTree()
    {
        var exported = new SpanList();
        using var data = new TempData();
        var video = data.AddVideo("a.mp4", File.ReadAllBytes(clip.Path));
        var (pipeline, _) = TestPipeline.Write(data, chunkSeconds: 1);
        using (var provider = Traced(exported))
        {
            await ProcessAsync(data, pipeline, video);
            Assert.True(provider.ForceFlush());
        }

        var traces = exported.Spans.GroupBy(s => s.TraceId).Where(t => t.Any(s => s.GetTagItem("actorcluster.run") as string == Run)).ToList();
        Assert.Equal([0, 1, 2, 3], traces.Select(UnitOf).Order());
        Assert.All(traces, trace =>
        {
            var root = Assert.Single(trace, s => s.ParentSpanId == default);
            Assert.Equal(("chunk", "a.mp4", 1), (root.OperationName, root.GetTagItem("actorcluster.video"), root.GetTagItem("actorcluster.attempt")));
            Assert.Equal(UnitOf(trace) == Audio ? ["chunk", "decode", "store", "work"] : Every, trace.Select(s => s.OperationName).Distinct().Order(StringComparer.Ordinal));
            var parents = trace.ToDictionary(s => s.SpanId, s => s.ParentSpanId);
            Assert.All(trace.Where(s => s != root), s => Assert.True(Reaches(s.SpanId, root.SpanId, parents), $"{s.OperationName} hangs in the air"));
            Assert.All(trace, s => Assert.NotEqual(ActivityStatusCode.Error, s.Status));
            Assert.All(trace, s => Assert.True(s.Duration > TimeSpan.Zero && s.StartTimeUtc >= root.StartTimeUtc, s.OperationName));
            Assert.All(trace.Where(s => s.OperationName == "vote"), vote => Assert.Equal("fuse", trace.Single(s => s.SpanId == vote.ParentSpanId).OperationName));
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no traceparent")]
    public void Below_NothingThatIsTraced_IsNothing(string? parent)
    {
        using var provider = Traced(new SpanList());

        Assert.Null(ChunkSpans.Below(parent, "work"));
        Assert.Equal("", SharedSpans.Below(parent, "fuse").Ids);
    }

    [Fact]
    public void Below_SeveralSpans_IsOneBelowEach()
    {
        var exported = new SpanList();
        using var provider = Traced(exported);
        using var first = ChunkSpans.Begin("work")!;
        using var second = ChunkSpans.Begin("work")!;

        string[] ids;
        using (var shared = SharedSpans.Below(SharedSpans.Join([first.Id!, second.Id!]), "fuse"))
        {
            ids = shared.Ids.Split(' ');
        }

        Assert.Equal([first.Id, second.Id], ids.Select(id => exported.Spans.Single(s => s.Id == id).ParentId));
        Assert.All(ids, id => Assert.Equal(2, exported.Spans.Single(s => s.Id == id).GetTagItem("actorcluster.chunks")));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Decode_OnAnotherNode_HangsBelowTheUnitThatAsked()
    {
        var exported = new SpanList();
        using var house = new DecodeHouse(clips.Face);
        using var server = new DecodeServer(house.Worker, DecodeLimits.Default, _ => { });
        string parent;
        using (var provider = Traced(exported))
        {
            using (var decode = ChunkSpans.Begin("decode")!)
            {
                parent = decode.Id!;
                var order = house.Unit(new WorkUnit(0, 0, 1, Audio: false)) with { Trace = parent };
                Assert.Equal("UnitDecoded", house.Remote(order, () => server.Answer(house.Request(order)))[^1]);
            }

            Assert.True(SpinWait.SpinUntil(() => exported.Spans.Any(s => s.ParentId == parent), Deadline), "The decoder's span was not exported.");
        }

        var remote = Assert.Single(exported.Spans, s => s.ParentId == parent);
        Assert.Equal(("decode.remote", house.Worker.Name), (remote.OperationName, remote.GetTagItem("actorcluster.node")));
        Assert.Null(Activity.Current);
    }

    private static TracerProvider Traced(SpanList exported) => Sdk.CreateTracerProviderBuilder().AddSource(TelemetrySource.Name).AddInMemoryExporter(exported).Build();

    private static async Task ProcessAsync(TempData data, string pipeline, string video)
    {
        await using var node = await ClusterNode.StartAsync(data.Data, TestPipeline.Tools, new NodeSettings { Slots = 2 }, onlyRun: Run);
        await node.SubmitAsync(RunSubmission.Freeze(
            data.Data, Run, pipeline, PipelineFile.Parse(File.ReadAllBytes(pipeline)), _ => [new VideoEntry(Path.GetFileName(video), video)], TestPipeline.Tools, csv: true, parquet: false));
        using var deadline = new CancellationTokenSource(Deadline);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(await node.ProgressAsync(Run)).IsCompleted)
        {
            await look.WaitForNextTickAsync(deadline.Token);
        }

        await node.DrainAsync(TimeSpan.FromSeconds(20));
    }

    private static int UnitOf(IEnumerable<Activity> trace) => (int)Assert.Single(trace, s => s.ParentSpanId == default).GetTagItem("actorcluster.unit")!;

    private static bool Reaches(ActivitySpanId from, ActivitySpanId root, Dictionary<ActivitySpanId, ActivitySpanId> parents)
    {
        for (var steps = 0; steps < parents.Count && from != root; steps++)
        {
            if (!parents.TryGetValue(from, out from))
            {
                return false;
            }
        }

        return from == root;
    }

    /// <summary>What the exporter fills while tests look at it.</summary>
    private sealed class SpanList : ICollection<Activity>
    {
        private readonly ConcurrentQueue<Activity> _spans = new();

        public IReadOnlyCollection<Activity> Spans => [.. _spans];

        public int Count => _spans.Count;

        public bool IsReadOnly => false;

        public void Add(Activity item) => _spans.Enqueue(item);

        public void Clear() => _spans.Clear();

        public bool Contains(Activity item) => _spans.Contains(item);

        public void CopyTo(Activity[] array, int arrayIndex) => _spans.CopyTo(array, arrayIndex);

        public bool Remove(Activity item) => throw new NotSupportedException();

        public IEnumerator<Activity> GetEnumerator() => _spans.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
