using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Training.Ablation;

namespace ActorCluster.Processing.Trials;

/// <summary>
/// How far an ablation is. Nothing of it is stored: finished trials have their result files, the others their trainings' states.
/// </summary>
/// <param name="Trials">The trials, in the plan's order.</param>
/// <param name="FailingSince">Since when failures, and no new epoch of any trial, were heard of; null while there is none.</param>
/// <param name="Failure">Why the ablation has stopped; null while it goes on.</param>
public sealed record AblationState(ImmutableArray<TrialStatus> Trials, DateTime? FailingSince, Exception? Failure)
{
    /// <summary>The state before anything is heard of.</summary>
    /// <param name="trials">Name and most epochs of each trial, and its result where it has one.</param>
    public static AblationState Of(IEnumerable<(string Name, int Epochs, TrialResult? Result)> trials) => new(
        [.. trials.Select(t => new TrialStatus(t.Name, t.Result is null ? TrialPhase.Waiting : TrialPhase.Ended, "waiting for a slot", 0, t.Epochs, 0, t.Result))], null, null);

    /// <summary>Whether every trial has its result.</summary>
    public bool IsCompleted => Trials.All(t => t.Phase == TrialPhase.Ended);

    /// <summary>The results in the plan's order; null where there is none yet.</summary>
    public ImmutableArray<TrialResult?> Results => [.. Trials.Select(t => t.Result)];

    /// <summary>A node took a trial on, or is further with it.</summary>
    /// <param name="trial">Its place.</param>
    /// <param name="stage">What is being done.</param>
    /// <param name="epoch">The epoch at work, from 1; 0 before the first.</param>
    /// <param name="steps">Grows with everything that gets done.</param>
    internal AblationState Progressed(int trial, string stage, int epoch, long steps) => Trials[trial] is not { Phase: not TrialPhase.Ended } known
        ? this
        : this with
        {
            Trials = Trials.SetItem(trial, known with { Phase = TrialPhase.Running, Stage = stage, Epoch = Math.Max(known.Epoch, epoch), Steps = steps }),
            FailingSince = epoch > known.Epoch ? null : FailingSince,
        };

    /// <summary>A trial has its result.</summary>
    internal AblationState Ended(int trial, TrialResult result) =>
        this with { Trials = Trials.SetItem(trial, Trials[trial] with { Phase = TrialPhase.Ended, Stage = "ended", Result = result }), FailingSince = null };

    /// <summary>A trial lost its slot without fault and waits for another.</summary>
    internal AblationState Released(int trial, string reason) => Trials[trial] is { Phase: TrialPhase.Ended }
        ? this
        : this with { Trials = Trials.SetItem(trial, Trials[trial] with { Phase = TrialPhase.Waiting, Stage = reason, Steps = 0 }) };

    /// <summary>A trial failed: at once the end of the ablation where its input is at fault, else once there have been failures, and no new epoch of any trial, for too long.</summary>
    /// <param name="trial">Its place.</param>
    /// <param name="fault">Why.</param>
    /// <param name="now">The time.</param>
    /// <param name="patience">For how long failures alone are borne.</param>
    internal AblationState Failed(int trial, Fault fault, DateTime now, TimeSpan patience)
    {
        var released = Released(trial, fault.ToString());
        var since = released.FailingSince ?? now;
        return released with { FailingSince = since, Failure = released.Failure ?? (fault.IsInput || now - since >= patience ? Named(fault, Trials[trial].Name) : null) };
    }

    private static Exception Named(Fault fault, string name) => fault.IsInput
        ? new InputFaultException(fault.Stage, $"{name}: {fault.Cause}", fault.ToolOutput)
        : new EnvironmentFaultException(fault.Stage, $"{name}: {fault.Cause}", fault.Remedy);
}
