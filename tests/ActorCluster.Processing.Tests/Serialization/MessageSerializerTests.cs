using System.Runtime.Serialization;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Videos;
using ActorCluster.Processing.Voting;
using CsCheck;

namespace ActorCluster.Processing.Tests.Serialization;

public sealed class MessageSerializerTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private readonly MessageSerializer _serializer = fixture.Serializer;

    public static TheoryData<string> Messages => [.. MessageSerializer.MessageTypes.Select(t => t.FullName!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void RoundTrip_EveryFieldFilled_KeepsEveryField(string name) => WireGen.Filled(TypeOf(name)).Sample(
        message =>
        {
            Assert.Empty(WireShape.DefaultFields(message, name));
            AssertRoundTrip(message);
        },
        iter: 20,
        threads: 1);

    [Theory]
    [MemberData(nameof(Messages))]
    public void RoundTrip_AnyValues_KeepsEveryField(string name) => WireGen.Any(TypeOf(name)).Sample(AssertRoundTrip, iter: 50, threads: 1);

    [Theory]
    [MemberData(nameof(Messages))]
    public void RoundTrip_EverythingEmpty_GivesEmptyCollectionsAndStringsNotNull(string name) => AssertRoundTrip(WireGen.Empty(TypeOf(name)));

    [Fact]
    public void MessageTypes_WholeAssembly_HasEveryConcreteWireMessageThatIsNotOnlyAPart()
    {
        var registered = MessageSerializer.MessageTypes.ToList();
        var parts = registered.SelectMany(PartsOf).ToHashSet();
        var all = typeof(IWireMessage).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IWireMessage)));
        Assert.Empty(all.Except(registered).Except(parts));
        Assert.Equal(registered.Count, registered.Distinct().Count());
    }

    [Fact]
    public void Manifest_EveryMessage_IsShortUniqueAndLeadsBackToItsType()
    {
        var manifests = MessageSerializer.MessageTypes.Select(t => (Type: t, Manifest: _serializer.Manifest(WireGen.Empty(t)))).ToList();
        Assert.Equal(manifests.Count, manifests.Select(m => m.Manifest).Distinct().Count());
        Assert.All(manifests, m => Assert.InRange(m.Manifest.Length, 1, 5));
        Assert.All(manifests, m => Assert.IsType(m.Type, _serializer.FromBinary([], m.Manifest)));
    }

    [Fact]
    public void Manifest_ForeignType_IsRefused() => Assert.Throws<SerializationException>(() => _serializer.Manifest("text"));

    [Fact]
    public void FromBinary_UnknownManifest_IsRefusedByName() =>
        Assert.Contains("zz9", Assert.Throws<SerializationException>(() => _serializer.FromBinary([], "zz9")).Message, StringComparison.Ordinal);

    [Fact]
    public void FromBinary_DamagedBytes_IsSerializationException()
    {
        var message = new RunEvents.RunPaused(1, "a reason that is cut off");
        var bytes = _serializer.ToBinary(message);
        Assert.Throws<SerializationException>(() => _serializer.FromBinary(bytes[..^3], _serializer.Manifest(message)));
        Assert.Throws<SerializationException>(() => _serializer.FromBinary([0xFF, 0xFF, 0xFF], _serializer.Manifest(message)));
    }

    [Fact]
    public void ToBinary_MoreThan64KiB_IsRefusedAndJustBelowIsNot()
    {
        var key = new VideoKey("run", 0, 1);
        var largest = new VideoCommands.WindowsClassified(key, 0, 1, new byte[MessageSerializer.LargestMessage - 100], []);
        AssertRoundTrip(largest);
        var refused = Assert.Throws<SerializationException>(() => _serializer.ToBinary(largest with { Probabilities = new byte[MessageSerializer.LargestMessage] }));
        Assert.Contains(nameof(VideoCommands.WindowsClassified), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToBinary_LargestDecision_FitsIntoOneMessage()
    {
        const int frames = Core.Voting.VotingState.LargestEvent;
        AssertRoundTrip(new VotingMessages.FramesDecided(int.MaxValue, new byte[frames * 8 * 2], new byte[frames]));
    }

    [Fact]
    public void ToBinary_SnapshotOfAMillionVideos_IsNotRefused() =>
        AssertRoundTrip(DatasetRunState.Empty with { Statuses = new byte[1_000_000] });

    [Fact]
    public void ToBinary_RunExtendedByTensOfThousandsOfChangedVideos_IsNotRefused() =>
        AssertRoundTrip(new RunEvents.RunExtended(1, (RunSpec)WireGen.Empty(typeof(RunSpec)), [.. Enumerable.Range(0, 50_000).Select(i => new RunEvents.VideoRevision(i, 2))]));

    [Fact]
    public void ToBinary_BatchOfQuarantinedVideosWithAllThatTheirToolSaid_IsNotRefused()
    {
        // 20 lines of 400 bytes each, every byte of which was no UTF-8 and became a character of three bytes.
        var outcome = (VideoOutcome)WireGen.Empty(typeof(VideoOutcome)) with { ToolOutput = [.. Enumerable.Repeat(new string('\uFFFD', 400), 20)] };
        AssertRoundTrip(new RunCommands.VideoFinished("run", outcome));
        AssertRoundTrip(new RunEvents.VideosFinished(1, [.. Enumerable.Repeat(outcome, 20)]));
    }

    [Fact]
    public void ToBinary_LargestListOfRuns_FitsIntoOneMessage()
    {
        var run = new RunListing(new string('r', 100), new string('p', 40), 1_000_000, true, RunPhase.Ended, 1_000_000, 1_000_000, 1_000_000, -100, long.MaxValue, long.MaxValue);
        AssertRoundTrip(new RunQueries.RunsListed([.. Enumerable.Repeat(run, RunCatalogActor.LargestList)]));
    }

    [Fact]
    public void ToBinary_HeartbeatOfAHundredSlots_FitsIntoOneMessage()
    {
        var report = new SlotMessages.LeaseReport(new string('f', 32), new VideoKey(new string('r', 100), int.MaxValue, 9), int.MaxValue, "detecting faces", long.MaxValue, true, true, "");
        AssertRoundTrip(new SlotMessages.NodeHeartbeat(new string('n', 100), 100, [.. Enumerable.Repeat(report, 100)], [.. Enumerable.Repeat(new string('r', 100), 10)], MeterReading.Zero, 0, ""));
    }

    [Fact]
    public void ToBinary_ReportOfAsManyUnitsAsThereMayBe_FitsIntoOneMessage()
    {
        var unit = new UnitReport(new string('r', 100), new string('漢', UnitReport.LongestName), "chunks 100000-100099, audio", "waiting for a slot", int.MaxValue, 1e9, 1e9, true);
        var device = new DeviceReport("cuda:15", 64, new DeviceShares(30, 1, 1, 1, 1, 1, 1, 1), [.. Enumerable.Repeat(new EncoderReport(new string('p', 100), 64, 1, 1e6), 20)]);
        AssertRoundTrip(new NodeReport(
            new string('n', 100), "1.0", true, 256, 256, [.. Enumerable.Repeat(unit, NodeReport.MostUnits)], 256, long.MaxValue, 256, 1e9, long.MaxValue, long.MaxValue, 1, true, device));
        AssertRoundTrip(new ControlMessages.ShardsCounted([.. Enumerable.Repeat(new ShardCount("video", "199", int.MaxValue), 400)]));
    }

    private static Type TypeOf(string name) => typeof(IWireMessage).Assembly.GetType(name, throwOnError: true)!;

    private static IEnumerable<Type> PartsOf(Type type) => WireShape.ConstructorOf(type).GetParameters()
        .Select(p => WireShape.IsArray(p.ParameterType) ? p.ParameterType.GetGenericArguments()[0] : p.ParameterType)
        .Where(WireShape.IsRecord)
        .SelectMany(part => PartsOf(part).Append(part));

    private void AssertRoundTrip(object message)
    {
        var back = _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));
        Assert.Null(WireShape.Difference(message, back));
    }
}
