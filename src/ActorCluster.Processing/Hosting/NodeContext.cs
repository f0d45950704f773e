using System.Collections.Concurrent;
using ActorCluster.Media;
using ActorCluster.Processing.Inference;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Hosting;

/// <summary>What the actors of one process share: folders, tools, caches and meters. Made once, before the actor system starts.</summary>
internal sealed class NodeContext
{
    private readonly ConcurrentQueue<Fault> _reported = new();

    public NodeContext(DataDirectory data, FfmpegTools tools, int slots, InferenceSettings? inference = null)
    {
        Data = data;
        Tools = tools;
        Slots = slots;
        Features = new FeatureStore(data.Features);
        Plans = new PlanStore(data);
        Inference = inference ?? new InferenceSettings();
        Pipelines = new PipelineCache(data, tools, Inference);
        Probes = new SemaphoreSlim(slots);
        Name = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid():N}";
    }

    /// <summary>The process, told apart from every earlier one with the same host and id.</summary>
    public string Name { get; }

    /// <summary>The data folder.</summary>
    public DataDirectory Data { get; }

    /// <summary>ffmpeg and ffprobe.</summary>
    public FfmpegTools Tools { get; }

    /// <summary>How many units this process works on at a time.</summary>
    public int Slots { get; }

    /// <summary>Where models are and what they run on.</summary>
    public InferenceSettings Inference { get; }

    /// <summary>How many of each encoder work side by side: on a GPU one, on a CPU as many as its cores allow for.</summary>
    public int Lanes => Inference.IsCpu ? Math.Max(1, Math.Min(Slots, Environment.ProcessorCount / Inference.Threads)) : 1;

    /// <summary>The feature store.</summary>
    public FeatureStore Features { get; }

    /// <summary>The plans of videos.</summary>
    public PlanStore Plans { get; }

    /// <summary>The pipelines in use, with their models.</summary>
    public PipelineCache Pipelines { get; }

    /// <summary>Admits as many probes at a time as there are slots.</summary>
    public SemaphoreSlim Probes { get; }

    /// <summary>Where this process's time goes.</summary>
    public NodeMeter Meter { get; } = new();

    /// <summary>Failures of the environment that no run could record, for whoever watches this process.</summary>
    public IReadOnlyCollection<Fault> Reported => _reported;

    /// <summary>Reports a failure of the environment that no run could record.</summary>
    public void Report(Fault fault)
    {
        _reported.Enqueue(fault);
        while (_reported.Count > 100 && _reported.TryDequeue(out _))
        {
            // Only the newest matter.
        }
    }
}
