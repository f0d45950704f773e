using ActorCluster.Processing.Audit;
using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Tests.Serialization;
using static ActorCluster.Processing.Audit.AuditMessages;

namespace ActorCluster.Processing.Tests.Audit;

public sealed class AuditTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private readonly MessageSerializer _serializer = fixture.Serializer;

    [Fact]
    public void Apply_MoreThanAreKept_ForgetsTheOldest()
    {
        var state = Filled(AuditState.MostKept + 3, "x");
        Assert.Equal(AuditState.MostKept, state.Newest.Length);
        Assert.Equal([4L, AuditState.MostKept + 3], new[] { state.Newest[0].At, state.Newest[^1].At });
    }

    [Fact]
    public void Process_LongTexts_AreCutBetweenCharacters()
    {
        var audited = AuditState.Process(new RecordCommand(new string('w', 900), "n", "run", "cancel", string.Concat(Enumerable.Repeat("😀", 3_000))), 1);
        Assert.Equal(AuditState.MostNameBytes + 1, audited.Who.Length);
        Assert.Equal((AuditState.MostArgumentBytes / 4 * 2) + 1, audited.Arguments.Length);
        Assert.DoesNotContain('\uFFFD', audited.Arguments);
        Assert.Equal("run", audited.Palette);
    }

    [Fact]
    public void List_LargestCommands_ComeInPiecesThatFitIntoAMessageUntilAllAreTold()
    {
        var state = Filled(AuditState.MostKept, new string('漢', 600)); // 1,800 bytes each.
        var told = new List<CommandAudited>();
        while (state.List(new GetCommands(told.Count, 1_000)).Commands is { IsEmpty: false } more)
        {
            var bytes = _serializer.ToBinary(new CommandsListed(more));
            Assert.InRange(bytes.Length, 1, MessageSerializer.LargestMessage);
            told.AddRange(more);
        }

        Assert.Equal(Enumerable.Range(1, AuditState.MostKept).Reverse().Select(i => (long)i), told.Select(c => c.At));
    }

    [Fact]
    public void Snapshot_Largest_IsNotRefused() => _serializer.ToBinary(Filled(AuditState.MostKept, new string('x', AuditState.MostArgumentBytes)));

    private static AuditState Filled(int commands, string arguments) =>
        Enumerable.Range(1, commands).Aggregate(AuditState.Empty, (s, i) => s.Apply(new CommandAudited(i, "ann@host", "node", "run", "pause", arguments)));
}
