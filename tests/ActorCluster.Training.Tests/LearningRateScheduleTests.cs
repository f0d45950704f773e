namespace ActorCluster.Training.Tests;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void At_EveryStep_RisesInALineThenFallsAsHalfACosine()
    {
        var schedule = new LearningRateSchedule(2, warmUpSteps: 4, steps: 14);
        Assert.Equal([0.5, 1, 1.5, 2, 2], Enumerable.Range(0, 5).Select(i => schedule.At(i)));
        Assert.Equal(1, schedule.At(9), 12);
        Assert.Equal(2 * 0.5 * (1 + Math.Cos(Math.PI * 0.9)), schedule.At(13), 12);
        Assert.Equal(0, schedule.At(14), 12);
    }

    [Fact]
    public void At_NoWarmUp_StartsAtThePeak() => Assert.Equal(2, new LearningRateSchedule(2, 0, 10).At(0));
}
