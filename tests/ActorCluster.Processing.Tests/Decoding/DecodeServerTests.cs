using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Videos;
using static ActorCluster.Processing.Decoding.DecodeMessages;
using static ActorCluster.Processing.Slots.SlotMessages;

namespace ActorCluster.Processing.Tests.Decoding;

/// <summary>A decoder among clients that are wrong, slow or gone: each ends with a named cause, frees its slot, and leaves no ffmpeg behind.</summary>
public sealed class DecodeServerTests : IClassFixture<DecodeClips>, IDisposable
{
    // A test shortens the one limit that it waits for: with two, a busy machine decides which comes first.
    private static readonly DecodeLimits Patient = new()
    {
        Token = TimeSpan.FromMinutes(5), Connect = TimeSpan.FromMinutes(5), Ping = TimeSpan.FromMilliseconds(50),
        Silence = TimeSpan.FromMinutes(5), Write = TimeSpan.FromMinutes(5),
    };

    private readonly DecodeClips _clips;
    private readonly DecodeHouse _house;
    private readonly ConcurrentQueue<string> _log = new();

    public DecodeServerTests(DecodeClips clips)
    {
        _clips = clips;
        _house = new DecodeHouse(clips.Lengthy, pipeline => pipeline["faces"] = new JsonObject { ["source"] = "none" });
    }

    private StartUnit Order => _house.Unit(new WorkUnit(0, 0, _house.Chunks, Audio: false));

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Connect_WrongToken_IsRefusedAndTheOfferStands()
    {
        using var server = Server(Patient);
        var offer = Offer(server);
        using var client = await ConnectAsync(offer, [.. RemoteDecode.Greeting, .. new byte[16]]);
        await ClosedAsync(client);
        await SaysAsync("it showed no token that stands");
        Assert.Single(server.Serves);
        using var right = await ConnectAsync(offer, Hello(offer));
        Assert.Equal(1, await right.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task Connect_TokenAgain_IsRefused()
    {
        using var server = Server(DecodeLimits.Default);
        var offer = Offer(server);
        using var first = await ConnectAsync(offer, Hello(offer));
        Assert.Equal(1, await first.ReceiveAsync(new byte[1]));
        using var second = await ConnectAsync(offer, Hello(offer));
        await ClosedAsync(second);
        await SaysAsync("it showed no token that stands");
    }

    [Fact]
    public async Task Connect_OtherProtocol_IsRefused()
    {
        using var server = Server(Patient);
        using var client = await ConnectAsync(Offer(server), "GET / HTTP/1.1\r\nHost: decoder\r\n\r\n"u8.ToArray());
        await ClosedAsync(client);
        await SaysAsync("it showed no token that stands");
    }

    [Fact]
    public async Task Connect_NoToken_IsRefusedInTime()
    {
        using var server = Server(Patient with { Connect = TimeSpan.FromMilliseconds(300) });
        using var client = await ConnectAsync(Offer(server), []);
        await ClosedAsync(client);
        await SaysAsync("it showed no token within 0.3 s");
    }

    [Fact]
    public async Task Connect_HalfATokenAndGone_IsRefused()
    {
        using var server = Server(Patient);
        using (var client = await ConnectAsync(Offer(server), [.. RemoteDecode.Greeting, 1, 2, 3]))
        {
            client.Shutdown(SocketShutdown.Send);
            await ClosedAsync(client);
        }

        await SaysAsync("it closed before it had shown a token");
    }

    [Fact]
    public async Task Offer_NobodyComes_ExpiresAndFreesItsSlot()
    {
        using var server = Server(Patient with { Token = TimeSpan.FromSeconds(2) });
        var offer = Offer(server);
        Assert.Equal(_house.Gpu.Name, Assert.Single(server.Serves));
        await Soon.Async(() => server.Serves.IsEmpty);
        using var late = await ConnectAsync(offer, Hello(offer));
        await ClosedAsync(late);
        await SaysAsync("it showed no token that stands");
    }

    [Fact]
    public void Offer_AllSlotsInUse_IsRefusedByNumber()
    {
        using var server = Server(DecodeLimits.Default);
        _ = (Offer(server), Offer(server));
        Assert.Equal("Its 2 decode slots are in use.", Assert.IsType<DecodeRefused>(server.Answer(_house.Request(Order))).Reason);
    }

    [Fact]
    public async Task Serve_ClientIsSilent_EndsAndFreesItsSlot()
    {
        using var server = Server(Patient with { Silence = TimeSpan.FromSeconds(2) });
        var offer = Offer(server);
        using var client = await ConnectAsync(offer, Hello(offer));
        await SaysAsync("the client was silent for 2 s");
        await NothingLeftAsync(server);
    }

    [Fact]
    public async Task Serve_ClientTakesNothing_EndsAndFreesItsSlot()
    {
        using var server = Server(Patient with { Write = TimeSpan.FromSeconds(2.5) });
        var offer = Offer(server);
        using var client = await ConnectAsync(offer, Hello(offer));
        using var pings = new Timer(_ => RemoteDecode.Ping(client), null, TimeSpan.Zero, Patient.Ping);
        await SaysAsync("the stream could not be written");
        await pings.DisposeAsync();
        await NothingLeftAsync(server);
    }

    [Fact]
    public async Task Serve_ClientSendsNonsense_EndsAndFreesItsSlot()
    {
        using var server = Server(DecodeLimits.Default);
        var offer = Offer(server);
        using var client = await ConnectAsync(offer, [.. Hello(offer), 7]);
        await SaysAsync("the client sent what no client sends");
        await NothingLeftAsync(server);
    }

    [Fact]
    public async Task Serve_ClientGoesInTheMiddle_EndsAndFreesItsSlot()
    {
        using var server = Server(DecodeLimits.Default);
        var offer = Offer(server);
        using (var client = await ConnectAsync(offer, Hello(offer)))
        {
            Assert.True(await client.ReceiveAsync(new byte[100_000]) > 0);
            await Soon.Async(() => Decoders > 0);
        }

        await SaysAsync($"for {_house.Gpu.Name} ended early");
        await NothingLeftAsync(server);
    }

    [Fact]
    public async Task Serve_UnitIsGivenUpByItsNode_EndsAndFreesItsSlot()
    {
        using var server = Server(DecodeLimits.Default);
        using var job = _house.Job(Order);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => DecodeHouse.Run(_house.Remote(job, () => server.Answer(_house.Request(Order))), job, stop.Token));
        await Soon.Async(() => job.Progress.Steps > 0);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await NothingLeftAsync(server);
        Assert.False(_house.Gpu.LostDecoders.Has("worker/decoder"));
    }

    [Fact]
    public async Task Dispose_InTheMiddle_TheClientHasLostItsDecoder()
    {
        var server = Server(DecodeLimits.Default);
        using var job = _house.Job(Order);
        var running = Task.Run(() => DecodeHouse.Run(_house.Remote(job, () => server.Answer(_house.Request(Order))), job));
        await Soon.Async(() => job.Progress.Steps > 0);
        server.Dispose();
        var lost = await Assert.ThrowsAsync<DecoderLostException>(() => running);
        Assert.Contains("worker/decoder, was lost", lost.Message, StringComparison.Ordinal);
        Assert.True(_house.Gpu.LostDecoders.Has("worker/decoder"));
        await SaysAsync("this node is stopping");
        await NothingLeftAsync(server);
        job.Dispose();
        Assert.Equal(0, _house.Gpu.Staging.InUse);
    }

    [Fact]
    public async Task Serve_ClientWaitsForItsDeviceLongerThanTheSilence_IsNotCutOff()
    {
        // Not so short that a process which gets no turn for a while counts as silent.
        var limits = Patient with { Silence = TimeSpan.FromSeconds(6) };
        using var server = Server(limits);
        using var job = _house.Job(Order);
        var emitted = new List<string>();
        var clock = Stopwatch.StartNew();
        var remote = _house.Remote(job, () => server.Answer(_house.Request(Order)), limits);
        using var device = new SemaphoreSlim(0);
        var running = Task.Run(() => remote.Run(
            m =>
            {
                if (emitted.Count == 3)
                {
                    device.Wait();
                }

                emitted.Add(DecodeHouse.Describe(m, job));
                DecodeHouse.GiveBack(m, job);
            },
            CancellationToken.None));
        await Soon.Async(() => clock.Elapsed > 1.5 * limits.Silence);
        device.Release();
        await running.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(_house.Local(Order), emitted);
    }

    [Fact]
    public void Answer_OtherKindOfMachineOrModels_IsRefused()
    {
        using var server = Server(DecodeLimits.Default);
        var refused = Assert.IsType<DecodeRefused>(server.Answer(_house.Request(Order) with { Key = new string('0', 64) }));
        Assert.Contains(TestPipeline.Tools.Version, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_VideoIsNotSeen_IsRefusedByItsPath()
    {
        using var data = new TempData();
        var clip = data.AddVideo("clip.mp4");
        using var house = new DecodeHouse(clip);
        using var server = new DecodeServer(house.Worker, DecodeLimits.Default, _log.Enqueue);
        File.Delete(clip);
        var refused = Assert.IsType<DecodeRefused>(server.Answer(house.Request(house.Unit(new WorkUnit(0, 0, 1, Audio: true)))));
        Assert.Contains(clip, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_NodeWithoutTheModels_IsRefusedWithWhatToDo()
    {
        using var house = new DecodeHouse(_clips.Face, pipeline => pipeline["faces"]!["model"] = "/nowhere/detector.onnx");
        using var server = new DecodeServer(house.Worker, DecodeLimits.Default, _log.Enqueue);
        var order = house.Unit(new WorkUnit(0, 0, 1, Audio: true));
        var refused = Assert.IsType<DecodeRefused>(server.Answer(new OpenDecode("gpu", "", order)));
        Assert.Contains("/nowhere/detector.onnx", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_NodeWithTheConfigurationButNoWeights_DecodesAllTheSame()
    {
        using var house = new DecodeHouse(_clips.Face, DecodeHouse.Fusion(_clips.Models));
        foreach (var weights in Directory.GetFiles(_clips.Models, "*.safetensors", SearchOption.AllDirectories))
        {
            File.Delete(weights);
        }

        using var server = new DecodeServer(house.Worker, DecodeLimits.Default, _log.Enqueue);
        var order = house.Unit(new WorkUnit(0, 0, 3, Audio: true));
        Assert.Equal(house.Local(order), house.Remote(order, () => Assert.IsType<DecodeOffered>(server.Answer(house.Request(order)))));
    }

    [Fact]
    public void Constructor_ForeignHostname_SaysWhatToSet()
    {
        var node = new NodeContext(_house.Worker.Data, TestPipeline.Tools, new NodeSettings { Hostname = "192.0.2.1", DecodeSlots = 1 });
        var fault = Assert.Throws<EnvironmentFaultException>(() => new DecodeServer(node, DecodeLimits.Default, _log.Enqueue));
        Assert.Contains("192.0.2.1", fault.Cause, StringComparison.Ordinal);
        Assert.Contains("hostname", fault.Remedy, StringComparison.Ordinal);
    }

    private int Decoders => ProcessTable.Count(_clips.Lengthy);

    private DecodeServer Server(DecodeLimits limits) => new(_house.Worker, limits, _log.Enqueue);

    private DecodeOffered Offer(DecodeServer server) => Assert.IsType<DecodeOffered>(server.Answer(_house.Request(Order)));

    private static byte[] Hello(DecodeOffered offer) => [.. RemoteDecode.Greeting, .. offer.Token];

    private static async Task<Socket> ConnectAsync(DecodeOffered offer, byte[] hello)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(offer.Host, offer.Port);
        await socket.SendAsync(hello);
        return socket;
    }

    private static async Task ClosedAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1], SocketFlags.None, deadline.Token));
        }
        catch (SocketException)
        {
            // Cut off with bytes that were not read.
        }
    }

    private Task SaysAsync(string cause) => Soon.Async(() => _log.Any(l => l.Contains(cause, StringComparison.Ordinal)));

    private async Task NothingLeftAsync(DecodeServer server)
    {
        await Soon.Async(() => server.Serves.IsEmpty);
        await Soon.Async(() => Decoders == 0);
    }
}
