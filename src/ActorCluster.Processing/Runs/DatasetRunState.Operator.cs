using System.Collections.Immutable;
using static ActorCluster.Processing.Runs.RunEvents;

namespace ActorCluster.Processing.Runs;

/// <summary>What operators can do to a run, and why not.</summary>
internal sealed partial record DatasetRunState
{
    /// <summary>Why a run waits that an operator paused.</summary>
    public const string ByOperatorReason = "paused by operator";

    /// <summary>How often a video can be retried.</summary>
    public const int MostRetries = byte.MaxValue;

    /// <summary>Where the run is in its life.</summary>
    public RunPhase Phase => IsCancelled ? RunPhase.Cancelled : IsCompleted ? RunPhase.Ended : IsPaused ? RunPhase.Paused : RunPhase.Running;

    /// <summary>The run in a few numbers.</summary>
    public RunDigest Digest => new(Phase, Count(VideoStatus.Completed), Count(VideoStatus.Quarantined), Count(VideoStatus.Cancelled), Priority, StartedAt, EndedAt);

    /// <summary>How often an operator has had a video tried again.</summary>
    public int RetriesOf(int index) => index < Retries.Length ? Retries[index] : 0;

    /// <summary>An operator wants it to start nothing new.</summary>
    public RunDecision ProcessPause(long at) => Absent ?? Phase switch
    {
        RunPhase.Running => RunDecision.Of(new RunPaused(at, ByOperatorReason, ByOperator: true)),
        RunPhase.Paused when PausedByOperator => RunDecision.Refuse($"Run '{Name}' is paused already; 'run resume {Name}' goes on with it."),
        RunPhase.Paused => RunDecision.Refuse($"Run '{Name}' has paused itself: {PausedReason} Mend that and go on with 'run resume {Name}', or give it up with 'run cancel {Name}'."),
        _ => Over(),
    };

    /// <summary>An operator wants it to go on.</summary>
    public RunDecision ProcessResume(long at) => Absent ?? Phase switch
    {
        RunPhase.Paused => RunDecision.Of(new RunResumed(at)),
        RunPhase.Running => RunDecision.Refuse($"Run '{Name}' is running; only a paused run can be resumed."),
        _ => Over(),
    };

    /// <summary>An operator gives it up.</summary>
    public RunDecision ProcessCancel(long at) => Absent ?? (Phase is RunPhase.Running or RunPhase.Paused ? RunDecision.Of(new RunCancelled(at)) : Over());

    /// <summary>An operator puts it before or behind others.</summary>
    public RunDecision ProcessPriority(int priority, long at) =>
        Absent ?? (Phase is not (RunPhase.Running or RunPhase.Paused) ? Over() : RunDecision.Of(priority == Priority ? null : new RunPriorityChanged(at, priority)));

    /// <summary>An operator wants quarantined videos tried again.</summary>
    /// <param name="videos">Which; null for all. Those that are not quarantined are left alone.</param>
    /// <param name="at">Now, in UTC ticks.</param>
    public RunDecision ProcessRetry(IEnumerable<int>? videos, long at)
    {
        if (Spec is null || IsCancelled)
        {
            return Absent ?? Over();
        }

        ImmutableArray<int> again =
        [
            .. (videos ?? Enumerable.Range(0, Statuses.Length)).Distinct()
                .Where(i => i >= 0 && i < Statuses.Length && Status(i) == VideoStatus.Quarantined && RetriesOf(i) < MostRetries),
        ];
        return again.IsEmpty
            ? RunDecision.Refuse($"Run '{Name}' has no quarantined video that is meant; 'video list {Name} -state quarantined' shows those that there are.")
            : RunDecision.Of(new VideosRetried(at, again));
    }

    /// <summary>Whether an operator may quarantine a video.</summary>
    /// <returns>Without an event: the video's own history comes first.</returns>
    public RunDecision ProcessQuarantine(int index) =>
        Absent ?? (Phase is not (RunPhase.Running or RunPhase.Paused) ? Over()
        : index < 0 || index >= Statuses.Length ? RunDecision.Refuse($"Run '{Name}' has no video {index}.")
        : Status(index) == VideoStatus.Pending ? RunDecision.Of(null)
        : RunDecision.Refuse($"The video is {Words(Status(index))}; only one that has not ended can be quarantined."));

    /// <summary>Whether everything of the run but its features may be removed.</summary>
    public RunDecision ProcessDelete() => Absent ?? (Phase is RunPhase.Ended or RunPhase.Cancelled ? RunDecision.Of(null)
        : RunDecision.Refuse($"Run '{Name}' is {Words(Phase)}; only one that has ended can be deleted. Give it up first with 'run cancel {Name}'."));

    private string Name => Spec?.Name ?? "?";

    private static string Words(VideoStatus status) => status.ToString().ToLowerInvariant();

    private static string Words(RunPhase phase) => phase.ToString().ToLowerInvariant();

    private RunDecision? Absent => Spec is null ? RunDecision.Refuse("There is no such run.") : null;

    private RunDecision Over() => RunDecision.Refuse(
        IsCancelled ? $"Run '{Name}' is cancelled; submit it again under another name (-run): stored features are used again."
        : $"Run '{Name}' has ended. 'run extend {Name}' adds what is new, 'run retry {Name}' tries its quarantined videos again.");

    private DatasetRunState GivenUp(RunCancelled e)
    {
        var statuses = (byte[])Statuses.Clone();
        statuses.AsSpan().Replace((byte)VideoStatus.Pending, (byte)VideoStatus.Cancelled);
        return this with { Statuses = statuses, EndedAt = e.At, IsCancelled = true, PausedReason = "", PausedByOperator = false };
    }

    private DatasetRunState Retried(VideosRetried e)
    {
        var (statuses, retries) = ((byte[])Statuses.Clone(), new byte[Statuses.Length]);
        Retries.CopyTo(retries, 0);
        foreach (var index in e.Videos)
        {
            statuses[index] = (byte)VideoStatus.Pending;
            retries[index]++;
        }

        return this with { Statuses = statuses, Retries = retries, EndedAt = 0 };
    }
}
