using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Videos;
using ActorCluster.Processing.Voting;

namespace ActorCluster.Processing.Tests.Serialization;

/// <summary>Bytes as they lie in journals. A change here means that stored runs can no longer be read: do not update the bytes, undo the change.</summary>
public sealed class StoredBytesTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private readonly MessageSerializer _serializer = fixture.Serializer;

    public static TheoryData<string, object, string> Stored => new()
    {
        { "ve1", new VideoEvents.VideoPlanned(638_000_000_000_000_001, "ab", "cd", 125, 5.008, 1, true, 1, ["odd", "file"]), "088180CCB5EAB3A8ED08120261621A026364207D29D578E926310814403001380140014A036F64644A0466696C65" },
        { "ve3", new VideoEvents.ChunkEncoded(7, 3, 2, 1, true, 1.5, true), "0807100318022001280131000000000000F83F3801" },
        {
            "re5",
            new RunEvents.VideosFinished(
                9,
                [new VideoOutcome(4, 2, true, 125, 5.0, 120, [1, 2, 3, 4, 5, 6, 7, 8], 2, 3, 1, 2.5, "ef", ["a.csv"], "decode", "broken", ["line"], 3, ["w"])]),
            "0809125B080410021801207D290000000000001440307838013802380338043805380638073808400248035001590000000000000440620265666A05612E63737672066465636F64657A0662726F6B656E8201046C696E6588010392010177"
        },
        { "re2", new RunEvents.RunEnded(9, "demo"), "0809120464656D6F" },
        { "vo1", new VotingMessages.FramesDecided(2048, [0x00, 0x3C, 0x00, 0x38], [0x07, 0x03]), "0880101204003C00381A020703" },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void ToBinary_StoredEvent_HasTheBytesOfEveryEarlierVersion(string manifest, object happened, string hex)
    {
        Assert.Equal(1710, _serializer.Identifier);
        Assert.Equal(manifest, _serializer.Manifest(happened));
        Assert.Equal(hex, Convert.ToHexString(_serializer.ToBinary(happened)));
    }

    [Fact]
    public void FromBinary_PauseOfTheFirstBuilds_WasTheRunsOwn() =>
        Assert.Equal(new RunEvents.RunPaused(9, "disk full", ByOperator: false), _serializer.FromBinary(Convert.FromHexString("080912096469736B2066756C6C"), "re6"));

    [Fact]
    public void FromBinary_RunsSnapshotOfTheFirstBuilds_IsThatOfARunThatNoOperatorTouched()
    {
        var run = (DatasetRunState)_serializer.FromBinary(Convert.FromHexString("120201001A0408011002200A29000000000000F03F30054200"), "rs1");
        Assert.Null(WireShape.Difference(DatasetRunState.Empty with { Statuses = [1, 0], Revisions = [new RunEvents.VideoRevision(1, 2)], Frames = 10, VideoSeconds = 1, StartedAt = 5 }, run));
        Assert.Equal((RunPhase.Running, 1, 2), (run.Phase, run.Revision(0), run.Revision(1)));
    }

    [Fact]
    public void FromBinary_VideosSnapshotOfTheFirstBuilds_HasWhatWasKeptThen()
    {
        var video = (VideoState)_serializer.FromBinary(Convert.FromHexString("08031A0610021A00280140014802"), "vs1");
        Assert.Null(WireShape.Difference(VideoState.Empty with { Phase = VideoPhase.Published, Units = [new UnitState(0, 2, "", false, true, 0, 0)], FirstAt = 1, LastAt = 2 }, video));
        Assert.Empty(video.Show(0).Units);
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void FromBinary_StoredBytes_GiveTheEvent(string manifest, object happened, string hex) =>
        Assert.Null(WireShape.Difference(happened, _serializer.FromBinary(Convert.FromHexString(hex), manifest)));
}
