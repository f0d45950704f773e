using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Runtime.InteropServices;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using ActorCluster.Tests.Shared;
using static ActorCluster.Processing.Inference.InferenceMessages;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Tests.Decoding;

/// <summary>A video and a pipeline in a folder that two nodes share: one that encodes, one that decodes for it.</summary>
internal sealed class DecodeHouse : IDisposable
{
    private readonly TempData _data = new();
    private readonly RunSpec _run;
    private readonly string _plan;
    private readonly string _faces;

    /// <param name="clip">The video.</param>
    /// <param name="edit">What the test wants otherwise than in <c>lite</c> with chunks of one second.</param>
    /// <param name="faces">A folder of crops.</param>
    /// <param name="slots">The decoder's slots.</param>
    public DecodeHouse(string clip, Action<JsonNode>? edit = null, string faces = "", int slots = 2)
    {
        var (path, _) = TestPipeline.Write(_data, chunkSeconds: 1);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        edit?.Invoke(json);
        Definition = PipelineFile.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
        Directory.CreateDirectory(_data.Data.Run("demo").Plans);
        File.WriteAllBytes(_data.Data.Run("demo").Pipeline, PipelineFile.ToCanonicalJson(Definition));
        _run = new RunSpec("demo", "", 1, Definition.Name, PipelineFile.Hash(Definition), _data.Inputs, "", true, false, null, null);
        Info = new VideoProbe(TestPipeline.Tools).ProbeAsync(clip, CancellationToken.None).GetAwaiter().GetResult();
        Gpu = new NodeContext(_data.Data, TestPipeline.Tools, new NodeSettings { Slots = 2 });
        Worker = new NodeContext(_data.Data, TestPipeline.Tools, new NodeSettings { Slots = 2, DecodeSlots = slots });
        _plan = Gpu.Plans.Write("demo", "clip", Info);
        _faces = faces;
    }

    public PipelineDefinition Definition { get; }

    public VideoInfo Info { get; }

    /// <summary>The node that encodes.</summary>
    public NodeContext Gpu { get; }

    /// <summary>The node that decodes for others.</summary>
    public NodeContext Worker { get; }

    /// <summary>The video's chunks.</summary>
    public int Chunks => Core.ChunkPlan.Create(Info.Timeline, Definition.ChunkSeconds, Info.Seek.SeekPoints).Length;

    /// <summary>A pipeline with a small BEiT and a small WavLM; of their checkpoints decoding reads the configuration.</summary>
    public static Action<JsonNode> Fusion(string models) => pipeline =>
    {
        TinyCheckpoints.WriteBeit(Path.Combine(models, "tiny-beit"), new TinyBeitSizes(), seed: 1);
        TinyCheckpoints.WriteWavLm(Path.Combine(models, "tiny-wavlm"), new TinyWavLmSizes(), seed: 2);
        pipeline["visual"] = new JsonObject { ["kind"] = "beit", ["model"] = Path.Combine(models, "tiny-beit"), ["batch"] = 4 };
        pipeline["audio"]!["encoder"] = new JsonObject
        {
            ["kind"] = "wavlm", ["model"] = Path.Combine(models, "tiny-wavlm"), ["batch"] = 2, ["segmentSeconds"] = 1, ["contextSeconds"] = 0.5, ["poolingSeconds"] = 0.5,
        };
        pipeline["fusion"] = new JsonObject { ["checkpoint"] = "none", ["batch"] = 4 };
    };

    public StartUnit Unit(WorkUnit unit) => new("lease", new VideoKey("demo", 0, 1), _run, "clip", unit, 1, false, _plan, [], false, 0, _faces, Decoder: "");

    public DecodeJob Job(StartUnit order) => new(Gpu.Pipelines.ForDecoding(order.Run), Info, order, Gpu.Staging);

    public DecodeMessages.OpenDecode Request(StartUnit order) => new(Gpu.Name, Gpu.Pipelines.ForDecoding(order.Run).Key, order);

    /// <summary>What a unit's decoder emits on the encoding node itself.</summary>
    public List<string> Local(StartUnit order)
    {
        using var job = Job(order);
        return Run(new DecodeWork(Gpu, job), job);
    }

    /// <summary>What it emits when it comes from elsewhere.</summary>
    public List<string> Remote(StartUnit order, Func<object?> open, DecodeLimits? limits = null, List<string>? log = null)
    {
        using var job = Job(order);
        return Run(Remote(job, open, limits, log), job);
    }

    /// <summary>A decoder elsewhere.</summary>
    public RemoteDecode Remote(DecodeJob job, Func<object?> open, DecodeLimits? limits = null, List<string>? log = null) => new(
        job, "worker/decoder", _ => open(), new DecodeWork(Gpu, job), Gpu.LostDecoders, limits ?? DecodeLimits.Default, text => log?.Add(text));

    /// <summary>Runs a decoder, gives its buffers back as the encoder would, and says of everything that it emitted what and which bytes it was.</summary>
    public static List<string> Run(IDecodeSource source, DecodeJob job, CancellationToken cancellation = default)
    {
        var emitted = new List<string>();
        var running = OwnThread.Run(() => source.Run(
            m =>
            {
                emitted.Add(Describe(m, job));
                GiveBack(m, job);
            },
            cancellation));
        if (!((IAsyncResult)running).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(60)))
        {
            throw new TimeoutException("The decoder does not end.");
        }

        running.GetAwaiter().GetResult();
        return emitted;
    }

    /// <summary>What an emitted message says, byte for byte.</summary>
    public static string Describe(object emitted, DecodeJob job) => emitted switch
    {
        BatchDecoded m => $"batch {m.Batch.Chunk} [{string.Join(' ', m.Batch.Frames[..m.Batch.Count])}] {Hash(m.Batch.Input.AsSpan(0, m.Batch.Count * job.Assets.Visual.InputBytes))}",
        SegmentDecoded m => $"segment {m.Segment.Segment} {Hash(MemoryMarshal.AsBytes(m.Segment.Samples.AsSpan()))}",
        AudioDecoded m => $"audio {m.Levels.HasTrack} {m.Levels.Rms.Length} {Hash(MemoryMarshal.AsBytes(m.Levels.Rms.AsSpan()))}",
        ChunkDecoded m => $"{m.Chunk} {Hash(MemoryMarshal.AsBytes(m.Flags.AsSpan()))} {Hash(MemoryMarshal.AsBytes(m.Boxes.AsSpan()))}",
        _ => emitted.GetType().Name,
    };

    /// <summary>Does what the encoder does with buffers.</summary>
    public static void GiveBack(object emitted, DecodeJob job)
    {
        switch (emitted)
        {
            case BatchDecoded m:
                job.Batches.Return(m.Batch);
                break;
            case SegmentDecoded m:
                job.Segments!.Return(m.Segment);
                break;
        }
    }

    public void Dispose()
    {
        foreach (var node in (NodeContext[])[Gpu, Worker])
        {
            node.Pipelines.Dispose();
            node.Probes.Dispose();
        }

        _data.Dispose();
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
}
