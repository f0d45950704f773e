using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;
using static ActorCluster.Processing.Runs.RunEvents;

namespace ActorCluster.Processing.Runs;

/// <summary>
/// Everything stored about a run, without an actor or a clock; also its snapshot. A video costs one byte, and one more once any was retried. What operators
/// can do is in <c>DatasetRunState.Operator.cs</c>.
/// </summary>
internal sealed partial record DatasetRunState(
    RunSpec? Spec,
    byte[] Statuses,
    ImmutableArray<VideoRevision> Revisions,
    long Frames,
    double VideoSeconds,
    long StartedAt,
    long EndedAt,
    string PausedReason,
    bool PausedByOperator,
    bool IsCancelled,
    int Priority,
    byte[] Retries) : IWireMessage
{
    /// <summary>A run of which nothing is stored.</summary>
    public static DatasetRunState Empty { get; } = new(null, [], [], 0, 0, 0, 0, "", false, false, 0, []);

    /// <summary>Whether the run waits for its environment to be mended, or for the operator who paused it.</summary>
    public bool IsPaused => PausedReason.Length > 0;

    /// <summary>Whether every video has ended and the end is stored.</summary>
    public bool IsCompleted => EndedAt != 0;

    /// <summary>How many videos have a status.</summary>
    public int Count(VideoStatus status) => Statuses.AsSpan().Count((byte)status);

    /// <summary>A video's status.</summary>
    public VideoStatus Status(int index) => (VideoStatus)Statuses[index];

    /// <summary>The revision under which a video is processed: its manifest's, and one more for every time that it was retried.</summary>
    public int Revision(int index) => ManifestRevision(index) + RetriesOf(index);

    /// <summary>Why a run must not go on with a specification: it was given up, or what is done already was computed with another pipeline or encoder.</summary>
    public Fault? Conflict(RunSpec spec) => IsCancelled
        ? new Fault(false, "run", $"Run '{spec.Name}' is cancelled.", "Choose another name with --run (-run); stored features are used again.", [])
        : Spec is null || Count(VideoStatus.Completed) == 0 || Identity(spec) == Identity(Spec)
        ? null
        : new Fault(
            false,
            "run",
            $"{Count(VideoStatus.Completed)} videos of run {spec.Name} were computed with {Words(Spec)}; here it would be {Words(spec)} (other weights, versions or hardware).",
            "Go on with what it was started with, or choose another name with --run.",
            []);

    /// <summary>The run is to be driven with this specification and manifest: what that changes.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="revisions">Revision of every video in the manifest.</param>
    /// <param name="at">Now, in UTC ticks.</param>
    public object? ProcessDrive(RunSpec spec, IReadOnlyList<int> revisions, long at)
    {
        if (Spec is null)
        {
            return new RunStarted(at, spec);
        }

        if (spec == Spec)
        {
            return null;
        }

        var changed = Enumerable.Range(0, Math.Min(revisions.Count, Statuses.Length)).Where(i => revisions[i] > ManifestRevision(i)).Select(i => new VideoRevision(i, revisions[i]));
        return new RunExtended(at, spec, [.. changed]);
    }

    /// <summary>The state after an event.</summary>
    public DatasetRunState Apply(object happened) => happened switch
    {
        RunStarted e => this with { Spec = e.Spec, StartedAt = e.At, Statuses = new byte[e.Spec.Videos] },
        RunExtended e => Extended(e),
        VideosFinished e => Finished(e),
        RunPaused e => this with { PausedReason = e.Reason, PausedByOperator = e.ByOperator },
        RunResumed => this with { PausedReason = "", PausedByOperator = false },
        RunCancelled e => GivenUp(e),
        RunPriorityChanged e => this with { Priority = e.Priority },
        VideosRetried e => Retried(e),
        RunCompleted e => this with { EndedAt = e.At },
        _ => throw new ArgumentException($"A run knows no event {happened.GetType().Name}.", nameof(happened)),
    };

    private static (string, string, string?, string?) Identity(RunSpec spec) => (spec.PipelineHash, spec.EncoderHash, spec.AudioHash, spec.FusionHash);

    private static string Words(RunSpec spec) =>
        $"pipeline {spec.PipelineHash[..12]}, encoder {spec.EncoderHash[..12]}{(spec.AudioHash is { } a ? $", audio encoder {a[..12]}" : "")}{(spec.FusionHash is { } f ? $", fusion {f[..12]}" : "")}";

    private int ManifestRevision(int index) => Revisions.LastOrDefault(r => r.Index == index)?.Revision ?? 1;

    private DatasetRunState Extended(RunExtended e)
    {
        var statuses = new byte[e.Spec.Videos];
        Statuses.CopyTo(statuses, 0);
        foreach (var changed in e.Changed)
        {
            statuses[changed.Index] = (byte)VideoStatus.Pending;
        }

        var open = statuses.AsSpan().Contains((byte)VideoStatus.Pending);
        return this with { Spec = e.Spec, Statuses = statuses, Revisions = Revisions.AddRange(e.Changed), EndedAt = open ? 0 : EndedAt };
    }

    private DatasetRunState Finished(VideosFinished e)
    {
        var statuses = (byte[])Statuses.Clone();
        var (frames, seconds) = (Frames, VideoSeconds);
        foreach (var outcome in e.Outcomes)
        {
            statuses[outcome.Index] = (byte)(outcome.Completed ? VideoStatus.Completed : VideoStatus.Quarantined);
            frames += outcome.Completed ? outcome.Frames : 0;
            seconds += outcome.Completed ? outcome.DurationSeconds : 0;
        }

        return this with { Statuses = statuses, Frames = frames, VideoSeconds = seconds };
    }
}
