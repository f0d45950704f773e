using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ActorCluster.Media;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Telemetry;
using ActorCluster.Processing.Trials;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Hosting;

/// <summary>What the actors of one process share: folders, tools, caches and meters. Made once, before the actor system starts.</summary>
internal sealed class NodeContext
{
    private readonly ConcurrentQueue<Fault> _reported = new();
    private readonly TaskCompletionSource<Fault> _deviceFailure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _toldToLeave = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="data">The data folder.</param>
    /// <param name="tools">ffmpeg and ffprobe.</param>
    /// <param name="settings">What is set about the node.</param>
    /// <param name="members">The cluster's processes; null where this one is alone and has no cluster.</param>
    public NodeContext(DataDirectory data, FfmpegTools tools, NodeSettings settings, Membership? members = null)
    {
        Data = data;
        Tools = tools;
        Settings = settings;
        Duty = new NodeDuty(settings.Slots);
        Staging = new StagingBudget(settings.StagingBytes);
        Meter = new NodeMeter { DeviceName = settings.Inference.Device };
        Instruments.Gauge("staging.used", "By", "Bytes of decoded pictures and sound that wait for the device.", () => Staging.InUse);
        Instruments.Gauge("staging.limit", "By", "How many bytes of them there may be.", () => settings.StagingBytes);
        Instruments.Gauge("staging.queue", "{buffer}", "Buffers that decoders wait for because the limit is reached.", () => Staging.Queued);
        if (settings.Roles.HasFlag(NodeRoles.Gpu))
        {
            Instruments.Sum(
                "device.time",
                "Seconds that the device was busy, or idle for a reason; their sum is the time since the start.",
                () => Meter.Device.Totals().Select(t => new Measurement<double>(t.Seconds, new KeyValuePair<string, object?>("device", Meter.DeviceName), new KeyValuePair<string, object?>("state", t.State))));
        }

        Instruments.Gauge("slots", "{slot}", "Units of work that this node takes at a time; 0 while it drains or does not see the data folder.", () => Meter.SlotsOffered);
        Instruments.Gauge("slots.used", "{slot}", "Units of work on this node.", () => Units.Count);
        Features = new FeatureStore(data.Features);
        Plans = new PlanStore(data);
        Pipelines = new PipelineCache(data, tools, settings.Inference);
        Probes = new SemaphoreSlim(settings.Slots);
        Name = members?.SelfName ?? $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid():N}";
        Liveness = members is null ? name => name == Name ? NodeLiveness.Alive : NodeLiveness.Gone : members.Of;
    }

    /// <summary>The process, told apart from every earlier one at the same address.</summary>
    public string Name { get; }

    /// <summary>What is known of a process by its name.</summary>
    public Func<string, NodeLiveness> Liveness { get; init; }

    /// <summary>What is set about the node.</summary>
    public NodeSettings Settings { get; }

    /// <summary>The data folder.</summary>
    public DataDirectory Data { get; }

    /// <summary>ffmpeg and ffprobe.</summary>
    public FfmpegTools Tools { get; }

    /// <summary>How much this process takes, as operators want it.</summary>
    public NodeDuty Duty { get; }

    /// <summary>How many units this process works on at a time.</summary>
    public int Slots => Duty.Slots;

    /// <summary>The units that it is at, by their leases.</summary>
    public ConcurrentDictionary<string, UnitInWork> Units { get; } = new();

    /// <summary>When it began.</summary>
    public DateTime StartedAt { get; } = DateTime.UtcNow;

    /// <summary>Whether a run's actor writes the report when the run ends; a command that drives one run writes it itself.</summary>
    public bool ReportsRuns { get; init; }

    /// <summary>How many of each encoder work side by side: on a GPU one, on a CPU as many as its cores allow for.</summary>
    public int Lanes => Settings.Inference.IsCpu ? Math.Max(1, Math.Min(Slots, Environment.ProcessorCount / Settings.Inference.Threads)) : 1;

    /// <summary>Notices that this process stood still; null where it is alone, and nobody can have taken over.</summary>
    public FreezeWatch? Freezes { get; init; }

    /// <summary>Whether the cluster has gone on without this process while it stood still: it must store and begin nothing any more.</summary>
    public bool HasFrozen => Freezes is { HasFrozen: true };

    /// <summary>The bytes of decoded pictures and sound that may wait for the device.</summary>
    public StagingBudget Staging { get; }

    /// <summary>Decoders on other nodes that have failed this one lately.</summary>
    public LostDecoders LostDecoders { get; } = new(TimeProvider.System);

    /// <summary>The feature store.</summary>
    public FeatureStore Features { get; }

    /// <summary>The plans of videos.</summary>
    public PlanStore Plans { get; }

    /// <summary>The pipelines in use, with their models.</summary>
    public PipelineCache Pipelines { get; }

    /// <summary>The videos of the ablation at work.</summary>
    public TrialSets Trials { get; } = new();

    /// <summary>Admits as many probes at a time as there are slots.</summary>
    public SemaphoreSlim Probes { get; }

    /// <summary>Where this process's time goes.</summary>
    public NodeMeter Meter { get; }

    /// <summary>What it counts and measures for those who watch it.</summary>
    public ClusterInstruments Instruments => Meter.Instruments;

    /// <summary>Failures of the environment that no run could record, for whoever watches this process.</summary>
    public IReadOnlyCollection<Fault> Reported => _reported;

    /// <summary>Completes when the device has failed, with why: the process cannot use it any more.</summary>
    public Task<Fault> DeviceFailure => _deviceFailure.Task;

    /// <summary>The device has failed.</summary>
    public void DeviceFailed(Fault fault) => _deviceFailure.TrySetResult(fault);

    /// <summary>Completes when an operator has told the node to leave its cluster.</summary>
    public Task ToldToLeave => _toldToLeave.Task;

    /// <summary>An operator tells the node to leave its cluster.</summary>
    public void TellToLeave() => _toldToLeave.TrySetResult();

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
