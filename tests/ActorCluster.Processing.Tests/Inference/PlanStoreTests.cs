using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Media;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Processing.Tests.Inference;

public sealed class PlanStoreTests : IDisposable
{
    private readonly TempData _data = new();
    private readonly PlanStore _plans;

    public PlanStoreTests()
    {
        Directory.CreateDirectory(_data.Data.Run("demo").Plans);
        _plans = new PlanStore(_data.Data);
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Read_WhatWasWritten_IsTheSamePlan()
    {
        var hash = _plans.Write("demo", "a", Info(1));
        var back = new PlanStore(_data.Data).Read("demo", "a", hash);
        Assert.Equal(Info(1).Timeline.Pts.AsEnumerable(), back.Timeline.Pts.AsEnumerable());
        Assert.Equal((Info(1).Path, Info(1).ContentHash, Info(1).Stamp), (back.Path, back.ContentHash, back.Stamp));
        Assert.Equal(hash, _plans.Write("demo", "b", Info(1)));
    }

    [Fact]
    public void Read_FileThatIsAnother_IsRefused()
    {
        var hash = _plans.Write("demo", "a", Info(1));
        _plans.Write("demo", "a", Info(2));
        var fault = Assert.Throws<EnvironmentFaultException>(() => _plans.Read("demo", "a", hash));
        Assert.Contains("is not the plan", fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFile_IsAnEnvironmentFaultWithThePath()
    {
        var fault = Assert.Throws<EnvironmentFaultException>(() => _plans.Read("demo", "a", new string('0', 64)));
        Assert.Contains(_data.Data.Run("demo").Plan("a"), fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_IdThatTriesToLeaveTheFolder_StaysInIt()
    {
        var hash = _plans.Write("demo", "../../escape", Info(1));
        Assert.NotNull(new PlanStore(_data.Data).Read("demo", "../../escape", hash));
        Assert.Single(Directory.GetFiles(_data.Data.Run("demo").Plans));
    }

    [Fact]
    public void Read_TheLastEight_ComeFromMemoryAndOlderOnesFromTheFile()
    {
        var hashes = Enumerable.Range(0, 9).Select(i => _plans.Write("demo", $"v{i}", Info(i))).ToList();
        for (var i = 0; i < 9; i++)
        {
            _plans.Read("demo", $"v{i}", hashes[i]);
        }

        Directory.Delete(_data.Data.Run("demo").Plans, recursive: true);
        Assert.All(Enumerable.Range(1, 8), i => Assert.Equal(i, _plans.Read("demo", $"v{i}", hashes[i]).Timeline.Pts[0]));
        Assert.Throws<EnvironmentFaultException>(() => _plans.Read("demo", "v0", hashes[0]));
    }

    private static VideoInfo Info(int first) => new(
        "/videos/a.mp4", new FileStamp(10, 20), new string('a', 64), "mp4", "h264", 0, 64, 48, new FrameTimeline(new Rational(1, 25), [first, first + 1, first + 2]), new SeekPlan(true, "test", [first]), null, ["odd"]);
}
