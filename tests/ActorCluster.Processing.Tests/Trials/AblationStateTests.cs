using ActorCluster.Core.Faults;
using ActorCluster.Processing.Trials;
using ActorCluster.Training.Ablation;

namespace ActorCluster.Processing.Tests.Trials;

public sealed class AblationStateTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TrialResult Result = new("id", 4, 2, null, [], []);
    private static readonly Fault Disk = new(false, "store", "The disk is full.", "Make room.", []);
    private static readonly AblationState Two = AblationState.Of([("a, seed 1", 4, null), ("b, seed 1", 4, null)]);

    [Fact]
    public void Of_TrialsWithAResult_HaveEnded()
    {
        var state = AblationState.Of([("a", 4, Result), ("b", 4, null)]);
        Assert.Equal([TrialPhase.Ended, TrialPhase.Waiting], state.Trials.Select(t => t.Phase));
        Assert.False(state.IsCompleted);
        Assert.True(state.Ended(1, Result).IsCompleted);
        Assert.Equal([Result, Result], state.Ended(1, Result).Results.AsEnumerable());
    }

    [Fact]
    public void Progressed_LateNewsOfAnEndedTrial_ChangesNothing()
    {
        var state = Two.Ended(0, Result);
        Assert.Equal(state, state.Progressed(0, "training", 3, 9));
        Assert.Equal(state, state.Released(0, "late"));
    }

    [Fact]
    public void Released_Trial_KeepsItsEpochAndWaits()
    {
        var trial = Two.Progressed(0, "training", 3, 9).Released(0, "the node is stopping").Trials[0];
        Assert.Equal((TrialPhase.Waiting, "the node is stopping", 3), (trial.Phase, trial.Stage, trial.Epoch));
    }

    [Fact]
    public void Failed_Environment_EndsTheAblationOnlyWithoutAnEpochForTooLong()
    {
        var state = Two.Failed(0, Disk, At(0), Patience).Failed(0, Disk, At(19), Patience);
        Assert.Null(state.Failure);
        Assert.Null(state.Progressed(1, "training", 1, 5).Failed(0, Disk, At(30), Patience).Failure);
        Assert.Null(state.Ended(1, Result).Failed(0, Disk, At(30), Patience).Failure);

        // Steps that come to nothing are no progress.
        var failed = state.Progressed(0, "training", 0, 100).Failed(0, Disk, At(20), Patience);
        var fault = Assert.IsType<EnvironmentFaultException>(failed.Failure);
        Assert.Equal(("store", "a, seed 1: The disk is full.", "Make room."), (fault.Stage, fault.Cause, fault.Remedy));
        Assert.Equal(failed.Failure, failed.Failed(1, Disk with { Cause = "Later." }, At(40), Patience).Failure);
    }

    [Fact]
    public void Failed_Input_EndsTheAblationAtOnce()
    {
        var fault = new Fault(true, "training set", "x: its labels are missing.", "", []);
        Assert.Equal("training set: b, seed 1: x: its labels are missing.", Assert.IsType<InputFaultException>(Two.Failed(1, fault, At(0), Patience).Failure).Message);
    }

    private static DateTime At(double seconds) => Start.AddSeconds(seconds);
}
