using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;
using static ActorCluster.Processing.Inference.InferenceMessages;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Benchmarks;

/// <summary>
/// A device that takes a fixed time for each batch and no CPU, behind one decoder of its own node, and behind two that decode for it and send what they have
/// through TCP. Client and server share this process and its cores; only the pictures' way is that of two nodes.
/// </summary>
internal static class RemoteDecodeBenchmark
{
    private const int Seconds = 60;
    private static readonly TimeSpan PassOfDevice = TimeSpan.FromMilliseconds(2);

    public static async Task RunAsync(int repetitions)
    {
        using var folder = new WorkFolder();
        var tools = FfmpegTools.Locate();
        var clip = await TestVideos.PatternAsync(tools, 1280, 720, Seconds, 60, folder.File("pattern.mp4"));
        var info = await new VideoProbe(tools).ProbeAsync(clip, CancellationToken.None);
        var data = new DataDirectory(folder.NewFolder("data"));
        data.Create();
        var (run, definition) = Freeze(data);
        var gpu = new NodeContext(data, tools, new NodeSettings());
        // A slot is free once its client has closed; two more than decoders, so that none waits for that.
        var worker = new NodeContext(data, tools, new NodeSettings { DecodeSlots = 4 });
        var plan = gpu.Plans.Write(run.Name, "clip", info);
        var assets = gpu.Pipelines.ForDecoding(run);
        using var server = new DecodeServer(worker, DecodeLimits.Default, Console.Error.WriteLine);
        var units = WorkUnit.Of(Core.ChunkPlan.Create(info.Timeline, definition.ChunkSeconds, info.Seek.SeekPoints).Length, sequential: false).Where(u => !u.Audio).ToList();
        DecodeJob Job(WorkUnit unit) => new(assets, info, new StartUnit("lease", new VideoKey(run.Name, 0, 1), run, "clip", unit, 1, false, plan, [], false, 0, "", ""), gpu.Staging);
        IDecodeSource Here(DecodeJob job) => new DecodeWork(gpu, job);
        IDecodeSource There(DecodeJob job) => new RemoteDecode(
            job, "worker", _ => server.Answer(new("gpu", assets.Key, job.Order)), new Unavailable(), gpu.LostDecoders, DecodeLimits.Default, Console.Error.WriteLine);

        var (local, remote, busyLocal, busyRemote) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < repetitions; i++)
        {
            Console.Error.WriteLine($"{i + 1}/{repetitions}");
            var (seconds, busy) = Measure(units, Job, Here, decoders: 1);
            local.Add(info.Timeline.Count / seconds);
            busyLocal.Add(100 * busy);
            (seconds, busy) = Measure(units, Job, There, decoders: 2);
            remote.Add(info.Timeline.Count / seconds);
            busyRemote.Add(100 * busy);
        }

        Figures.Caption(
            $"{info.Timeline.Count} frames of 1280x720 in chunks of {definition.ChunkSeconds:0} s, device {PassOfDevice.TotalMilliseconds:0} ms a batch, median of {repetitions} (least to greatest), {Environment.ProcessorCount} cores for both ends.");
        var table = new MarkdownTable("decoding", "frames/s", "device busy, %");
        table.Add("on the node, one decoder", Figures.Spread(local, "F0"), Figures.Spread(busyLocal, "F0"));
        table.Add("through TCP, two decoders", Figures.Spread(remote, "F0"), Figures.Spread(busyRemote, "F0"));
        table.Write();
        Console.WriteLine($"Ratio: {Figures.Median(remote) / Figures.Median(local):F2}");
        gpu.Pipelines.Dispose();
        worker.Pipelines.Dispose();
    }

    private static (RunSpec Run, PipelineDefinition Definition) Freeze(DataDirectory data)
    {
        var json = JsonNode.Parse(File.ReadAllText(Repository.LitePipeline))!;
        json["faces"] = new JsonObject { ["source"] = "none" };
        json["chunkSeconds"] = 4;
        var definition = PipelineFile.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
        Directory.CreateDirectory(data.Run("benchmark").Plans);
        File.WriteAllBytes(data.Run("benchmark").Pipeline, PipelineFile.ToCanonicalJson(definition));
        return (new RunSpec("benchmark", "", 1, definition.Name, PipelineFile.Hash(definition), Path.GetDirectoryName(Repository.LitePipeline)!, "", true, false, null, null), definition);
    }

    /// <summary>Wall seconds of all units, and the share of it in which the device had something to do.</summary>
    private static (double Seconds, double Busy) Measure(IEnumerable<WorkUnit> units, Func<WorkUnit, DecodeJob> jobOf, Func<DecodeJob, IDecodeSource> sourceOf, int decoders)
    {
        using var device = new BlockingCollection<Action>();
        using var encoder = new RehearsalEncoder(batch: 8, PassOfDevice);
        var passes = 0;
        var encoding = OwnThread.Run(() =>
        {
            foreach (var giveBack in device.GetConsumingEnumerable())
            {
                encoder.Run(encoder.Batch);
                passes++;
                giveBack();
            }
        });
        var waiting = new ConcurrentQueue<WorkUnit>(units);
        var clock = Stopwatch.StartNew();
        Task.WaitAll(Enumerable.Range(0, decoders).Select(_ => OwnThread.Run(() =>
        {
            while (waiting.TryDequeue(out var unit))
            {
                var job = jobOf(unit); // Never disposed of while the device still has batches of it.
                sourceOf(job).Run(
                    emitted =>
                    {
                        if (emitted is BatchDecoded m)
                        {
                            device.Add(() => job.Batches.Return(m.Batch));
                        }
                    },
                    CancellationToken.None);
            }
        })).ToArray());
        device.CompleteAdding();
        encoding.Wait();
        return (clock.Elapsed.TotalSeconds, passes * PassOfDevice.TotalSeconds / clock.Elapsed.TotalSeconds);
    }

    /// <summary>Stands where a node would decode itself: here that would spoil the figures.</summary>
    private sealed class Unavailable : IDecodeSource
    {
        public void Run(Action<object> emit, CancellationToken cancellation) => throw new InvalidOperationException("The decoder did not take the unit.");
    }
}
