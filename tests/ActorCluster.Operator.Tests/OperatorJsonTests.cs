using System.Text.Json;
using ActorCluster.Storage;

namespace ActorCluster.Operator.Tests;

public sealed class OperatorJsonTests
{
    [Fact]
    public void Result_OfARunThatHasNeitherCauseNorSpeed_IsReadAsItWasWritten()
    {
        var summary = new RunSummary(
            "a", "lite", "hash", "hash", DateTimeOffset.UnixEpoch, EndedAt: null, RunState.Completed, StateCause: null, new RunCounts(0, 0, 0, 0), 0, 0, new ChunkCounts(0, 0, 0), 0, 0,
            Speed: null, LabelCounts.Zero, []);

        var json = JsonSerializer.Serialize(new RunResult("/data", summary), OperatorJson.Options);
        var read = JsonSerializer.Deserialize<RunResult>(json, OperatorJson.Options)!;

        Assert.Equal(json, JsonSerializer.Serialize(read, OperatorJson.Options));
        Assert.Null(read.Summary.StateCause);
    }
}
