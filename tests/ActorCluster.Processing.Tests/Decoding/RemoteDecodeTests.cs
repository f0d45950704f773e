using System.Text.Json.Nodes;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Decoding.DecodeMessages;

namespace ActorCluster.Processing.Tests.Decoding;

/// <summary>A real decoder behind a real TCP connection gives what the same decoder gives in place.</summary>
public sealed class RemoteDecodeTests(DecodeClips clips) : IClassFixture<DecodeClips>
{
    public static TheoryData<string, int, int, bool> Kinds => new()
    {
        { "face", 0, 3, false },
        { "face", 1, 1, false },
        { "face", 0, 0, true },
        { "face", 0, 1, true },
        { "no face", 0, 3, true },
        { "whole frame", 0, 3, false },
        { "aligned", 0, 3, true },
        { "sequential", 0, 3, false },
        { "sequential", 0, 0, true },
        { "damaged", 0, 3, true },
        { "fusion", 0, 0, true },
        { "fusion", 0, 3, true },
        { "fusion sequential", 0, 0, true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_EveryKind_EmitsTheBytesOfTheDecoderInPlace(string kind, int firstChunk, int chunks, bool audio)
    {
        using var house = House(kind);
        using var server = new DecodeServer(house.Worker, DecodeLimits.Default, _ => { });
        var order = house.Unit(new WorkUnit(0, firstChunk, chunks, audio));
        var local = house.Local(order);
        Assert.Equal(local, house.Remote(order, () => server.Answer(house.Request(order))));
        Assert.Equal("UnitDecoded", local[^1]);
        Assert.Equal(chunks, local.Count(l => l.StartsWith("Chunk ", StringComparison.Ordinal)));
        Assert.Equal(0, house.Gpu.Staging.InUse);
        Assert.Equal(house.Gpu.Meter.Frames, house.Worker.Meter.Frames);
    }

    [Fact]
    public void Run_KindsOfVideos_AreWhatTheyAreCalled()
    {
        Assert.Contains(Emitted("face"), l => l.StartsWith("batch 0 [0 1 2", StringComparison.Ordinal));
        Assert.DoesNotContain(Emitted("no face"), l => l.StartsWith("batch", StringComparison.Ordinal));
        Assert.Contains(Emitted("aligned"), l => l.StartsWith("batch 0 [0 1 3 5", StringComparison.Ordinal));
        Assert.Contains(Emitted("whole frame"), l => l.StartsWith("batch 2 [8 9]", StringComparison.Ordinal));
        Assert.Contains(Emitted("damaged"), l => l.StartsWith("batch 1 [0 1 3 4 5]", StringComparison.Ordinal));
        Assert.Equal(3, Emitted("fusion", audio: true).Count(l => l.StartsWith("segment", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_SomeChunksAndSegmentsStored_EmitsOnlyTheOthers()
    {
        using var house = House("fusion");
        using var server = new DecodeServer(house.Worker, DecodeLimits.Default, _ => { });
        var order = house.Unit(new WorkUnit(0, 0, 3, Audio: true)) with { DoneChunks = [1], AudioFrom = 2 };
        var remote = house.Remote(order, () => server.Answer(house.Request(order)));
        Assert.Equal(house.Local(order), remote);
        Assert.Equal(2, remote.Count(l => l.StartsWith("Chunk ", StringComparison.Ordinal)));
        Assert.Single(remote, l => l.StartsWith("segment", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_TwoAtATime_BothGiveTheirBytes()
    {
        using var house = House("fusion");
        using var server = new DecodeServer(house.Worker, DecodeLimits.Default, _ => { });
        var (first, second) = (house.Unit(new WorkUnit(0, 0, 0, Audio: true)), house.Unit(new WorkUnit(1, 0, 3, Audio: false)) with { Lease = "other" });
        List<string>[] both = [[], []];
        Parallel.Invoke(
            () => both[0] = house.Remote(first, () => server.Answer(house.Request(first))),
            () => both[1] = house.Remote(second, () => server.Answer(house.Request(second))));
        Assert.Equal([house.Local(first), house.Local(second)], both);
    }

    [Fact]
    public void Run_VideoAtFault_StaysAtFaultWithStageCauseAndToolOutput()
    {
        using var data = new TempData();
        var clip = data.AddVideo("gone.mp4");
        using var house = new DecodeHouse(clip);
        using var server = new DecodeServer(house.Worker, DecodeLimits.Default, _ => { });
        var written = File.GetLastWriteTimeUtc(clip);
        File.WriteAllBytes(clip, new byte[new FileInfo(clip).Length]);
        File.SetLastWriteTimeUtc(clip, written); // Nothing shows that the file has lost its content but what ffmpeg says of it.
        var order = house.Unit(new WorkUnit(0, 0, 3, Audio: false));
        var local = Assert.Throws<InputFaultException>(() => house.Local(order));
        var remote = Assert.Throws<InputFaultException>(() => house.Remote(order, () => server.Answer(house.Request(order))));
        Assert.NotEmpty(local.ToolOutput);
        Assert.Equal((local.Stage, local.Cause), (remote.Stage, remote.Cause));
        Assert.Equal(local.ToolOutput.Length, remote.ToolOutput.Length); // ffmpeg puts an address into its lines.
        Assert.Contains("Invalid data", remote.ToolOutput[^1], StringComparison.Ordinal);
        Assert.False(house.Gpu.LostDecoders.Has("worker/decoder"));
    }

    [Fact]
    public void Run_DecoderRefuses_DecodesInPlaceAndSaysWhy()
    {
        using var house = House("whole frame");
        var order = house.Unit(new WorkUnit(0, 0, 3, Audio: false));
        var log = new List<string>();
        Assert.Equal(house.Local(order), house.Remote(order, () => new DecodeRefused("Its 2 decode slots are in use."), log: log));
        Assert.Contains("Its 2 decode slots are in use.", Assert.Single(log), StringComparison.Ordinal);
        Assert.False(house.Gpu.LostDecoders.Has("worker/decoder"));
    }

    [Fact]
    public void Run_DecoderDoesNotAnswer_DecodesInPlaceAndLeavesItAloneForAWhile()
    {
        using var house = House("whole frame");
        var order = house.Unit(new WorkUnit(0, 0, 3, Audio: false));
        Assert.Equal(house.Local(order), house.Remote(order, () => null));
        Assert.True(house.Gpu.LostDecoders.Has("worker/decoder"));
    }

    [Fact]
    public void Run_NobodyListens_DecodesInPlaceAndLeavesItAloneForAWhile()
    {
        using var house = House("whole frame");
        var order = house.Unit(new WorkUnit(0, 0, 3, Audio: false));
        int port;
        using (var server = new DecodeServer(house.Worker, DecodeLimits.Default, _ => { }))
        {
            port = server.Port;
        }

        var log = new List<string>();
        Assert.Equal(house.Local(order), house.Remote(order, () => new DecodeOffered("127.0.0.1", port, new byte[16]), log: log));
        Assert.Contains("cannot be reached at 127.0.0.1", Assert.Single(log), StringComparison.Ordinal);
        Assert.True(house.Gpu.LostDecoders.Has("worker/decoder"));
    }

    [Fact]
    public void Run_BudgetOfOneBuffer_WaitsAndGivesTheSameBytes()
    {
        using var house = House("fusion");
        using var server = new DecodeServer(house.Worker, DecodeLimits.Default, _ => { });
        var order = house.Unit(new WorkUnit(0, 0, 3, Audio: true));
        var assets = house.Gpu.Pipelines.ForDecoding(order.Run);
        var budget = new StagingBudget(SegmentRequest.BytesOf(assets.Audio!));
        DecodeJob.RequireRoom(assets, budget);
        using var job = new DecodeJob(assets, house.Info, order, budget);
        Assert.Equal(house.Local(order), DecodeHouse.Run(house.Remote(job, () => server.Answer(house.Request(order))), job));
        Assert.Equal(0, budget.InUse);
    }

    [Fact]
    public void LostDecoders_AfterAWhile_AreAskedAgain()
    {
        var clock = new ManualClock();
        var lost = new LostDecoders(clock);
        lost.Add("a");
        Assert.Equal((true, false), (lost.Has("a"), lost.Has("b")));
        clock.Advance(LostDecoders.For.TotalSeconds + 1);
        Assert.False(lost.Has("a"));
    }

    private List<string> Emitted(string kind, bool audio = false)
    {
        using var house = House(kind);
        return house.Local(house.Unit(new WorkUnit(0, 0, 3, audio)));
    }

    private DecodeHouse House(string kind) => kind switch
    {
        "face" => new DecodeHouse(clips.Face),
        "no face" => new DecodeHouse(clips.NoFace),
        "whole frame" => new DecodeHouse(clips.Face, WholeFrame),
        "aligned" => new DecodeHouse(clips.Face, p => p["faces"] = new JsonObject { ["source"] = "aligned" }, clips.Crops),
        "sequential" => new DecodeHouse(clips.Sequential),
        "damaged" => new DecodeHouse(clips.Damaged, WholeFrame),
        "fusion" => new DecodeHouse(clips.Face, DecodeHouse.Fusion(clips.Models)),
        _ => new DecodeHouse(clips.Sequential, DecodeHouse.Fusion(clips.Models)),
    };

    private static void WholeFrame(JsonNode pipeline) => pipeline["faces"] = new JsonObject { ["source"] = "none" };
}
