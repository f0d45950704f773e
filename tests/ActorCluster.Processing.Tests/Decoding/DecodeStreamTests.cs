using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;
using CsCheck;
using static ActorCluster.Processing.Decoding.DecodeMessages;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Tests.Decoding;

/// <summary>The form of a decode stream, and what a client makes of streams that no decoder writes.</summary>
public sealed class DecodeStreamTests : IClassFixture<DecodeClips>, IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private static readonly DecodeLimits Patient = new() { Connect = Longest, Silence = Longest };

    private readonly DecodeHouse _house;

    public DecodeStreamTests(DecodeClips clips) => _house = new DecodeHouse(clips.Face, DecodeHouse.Fusion(clips.Models));

    public static TheoryData<string, byte[], string> Hostile => new()
    {
        { "more bytes than a batch can have", Frame(DecodeFrame.Batch, 500_000_000), "a batch of 500000000 bytes" },
        { "a negative length", Frame(DecodeFrame.Chunk, -1), "a chunk of -1 bytes" },
        { "as many bytes as there are numbers", Frame(DecodeFrame.Fault, int.MaxValue), "a fault of 2147483647 bytes" },
        { "endless levels", Frame(DecodeFrame.Audio, int.MaxValue), "sound that it was not asked for|levels" },
        { "a segment", Frame(DecodeFrame.Segment, 404, new byte[404]), "sound that it was not asked for" },
        { "an unknown kind", Frame((DecodeFrame)99, 0), "a frame of kind 99" },
        { "the end at once", Frame(DecodeFrame.End, 0), "its end before the unit's" },
        { "an end with a payload", Frame(DecodeFrame.End, 1, new byte[1]), "an end of 1 bytes" },
        { "a batch of another chunk", Frame(DecodeFrame.Batch, 8 + 4 + 12_288, Numbers(2, 1)), "a batch of another chunk" },
        { "a batch of another length", Frame(DecodeFrame.Batch, 8 + 4 + 12_288, Numbers(0, 2)), "a batch whose count and length differ" },
        { "a frame that the chunk has not", Frame(DecodeFrame.Batch, 8 + 4 + 12_288, Numbers(0, 1, 25)), "frame 25 out of its place" },
        { "a frame before the chunk", Frame(DecodeFrame.Batch, 8 + 4 + 12_288, Numbers(0, 1, -1)), "frame -1 out of its place" },
        { "frames out of order", Frame(DecodeFrame.Batch, 8 + (2 * (4 + 12_288)), Numbers(0, 2, 5, 5)), "frame 5 out of its place" },
        { "flags of others", Frame(DecodeFrame.Chunk, 4 + (25 * 17), [.. Numbers(0), .. Enumerable.Repeat((byte)255, 25)]), "flags that no decoder sets" },
        { "progress of an unknown stage", Frame(DecodeFrame.Progress, 13, [77, .. new byte[12]]), "progress of an unknown stage" },
        { "a fault that is none", Frame(DecodeFrame.Fault, 4, "null"u8.ToArray()), "an empty fault" },
        { "a fault without a stage", Frame(DecodeFrame.Fault, 2, "{}"u8.ToArray()), "a fault that cannot be read" },
        { "half a frame", Frame(DecodeFrame.Batch, 8 + 4 + 12_288, [.. Numbers(0, 1, 0), .. new byte[100]]), "it closed the connection" },
        { "nothing", [], "it closed the connection" },
    };

    public void Dispose() => _house.Dispose();

    [Fact]
    public void ReadAfterWrite_AnyEmissions_KeepsEveryByte() => Emissions.Sample(
        plan =>
        {
            using var job = Job(audio: true);
            using var stream = new MemoryStream();
            var writer = new DecodeStreamWriter(stream, job);
            var written = new List<string>();
            foreach (var emitted in Make(job, plan))
            {
                written.Add(DecodeHouse.Describe(emitted, job));
                writer.WriteProgress(job.Progress);
                writer.Write(emitted);
            }

            stream.Position = 0;
            Assert.Equal(written, ReadAll(stream, job));
            Assert.Equal(stream.Length, stream.Position);
        },
        iter: 60,
        threads: 1);

    [Fact]
    public void Read_AnyDamage_IsOneOfTheKnownFailuresAndKeepsNoBuffer() => Gen.Select(Emissions, Gen.Double[0, 1], Gen.Byte, Gen.Bool).Sample(
        (plan, where, value, cut) =>
        {
            var budget = new StagingBudget(1 << 30);
            using var stream = new MemoryStream();
            using (var source = Job(audio: true))
            {
                var writer = new DecodeStreamWriter(stream, source);
                foreach (var emitted in Make(source, plan))
                {
                    writer.Write(emitted);
                }
            }

            var at = (int)(where * (stream.Length - 1));
            if (cut)
            {
                stream.SetLength(at);
            }
            else
            {
                stream.GetBuffer()[at] = value;
            }

            stream.Position = 0;
            using var job = new DecodeJob(_house.Gpu.Pipelines.ForDecoding(_house.Unit(new WorkUnit(0, 0, 1, false)).Run), _house.Info, _house.Unit(new WorkUnit(0, 0, 3, Audio: true)), budget);
            try
            {
                ReadAll(stream, job); // A byte of a picture is no damage that shows.
            }
            catch (Exception e) when (e is IOException or DecodeStreamException or InputFaultException or EnvironmentFaultException)
            {
                // What a damaged stream ends in.
            }

            Assert.Equal(0, budget.InUse);
        },
        iter: 300,
        threads: 1);

    [Fact]
    public void Read_Faults_KeepKindStageCauseRemedyAndToolOutput()
    {
        var input = Assert.Throws<InputFaultException>(() => ReadAll(Written(new Fault(true, "decode", "It \"breaks\".", "", ["a", "ü\n"])), Job()));
        Assert.Equal(("decode", "It \"breaks\"."), (input.Stage, input.Cause));
        Assert.Equal(["a", "ü\n"], input.ToolOutput.ToArray());
        var environment = Assert.Throws<EnvironmentFaultException>(() => ReadAll(Written(new Fault(false, "audio", "No ffmpeg.", "Install it.", [])), Job()));
        Assert.Equal(("audio", "No ffmpeg.", "Install it."), (environment.Stage, environment.Cause, environment.Remedy));
        var long_ = Assert.Throws<InputFaultException>(() => ReadAll(Written(new Fault(true, "decode", "Much.", "", [new string('x', 100_000)])), Job()));
        Assert.Equal(("Much.", 0), (long_.Cause, long_.ToolOutput.Length));
    }

    [Fact]
    public void Read_Progress_IsTheUnitsAndOnlyWhatGotDoneCountsAsSuch()
    {
        using var job = Job();
        using var stream = new MemoryStream();
        using var source = Job();
        var writer = new DecodeStreamWriter(stream, source);
        source.Progress.Stage = "decode";
        source.Progress.Frame();
        writer.WriteProgress(source.Progress);
        writer.WriteProgress(source.Progress);
        writer.WriteProgress(source.Progress);
        stream.Position = 0;
        Assert.Throws<EndOfStreamException>(() => ReadAll(stream, job));
        Assert.Equal(("decode", 1, 1L), (job.Progress.Stage, job.Progress.Frames, job.Progress.Steps));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Run_HostileDecoder_LosesItWithANamedCause(string what, byte[] bytes, string cause)
    {
        var lost = await RunAgainstAsync(async socket =>
        {
            await socket.SendAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
        });
        Assert.True(cause.Split('|').Any(c => lost.Message.Contains(c, StringComparison.Ordinal)), $"{what}: {lost.Message}");
    }

    [Fact]
    public async Task Run_SilentDecoder_IsLostInTime() =>
        Assert.Contains("it was silent for 0.4 s", (await RunAgainstAsync(_ => Task.CompletedTask, Patient with { Silence = TimeSpan.FromMilliseconds(400) })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Run_DecoderWhoseFrameNeverEnds_IsLostInTime()
    {
        using var stop = new CancellationTokenSource();
        var lost = await RunAgainstAsync(async socket =>
        {
            await socket.SendAsync(Frame(DecodeFrame.Batch, 8 + 4 + 12_288, Numbers(0, 1, 0)));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                await socket.SendAsync(new byte[1]);
            }
        }, Patient with { Frame = TimeSpan.FromMilliseconds(900) });
        await stop.CancelAsync();
        Assert.Contains("a frame that did not end within 0.9 s", lost.Message, StringComparison.Ordinal);
    }

    private static Gen<(int[][] Batches, int Segments, int Levels, int Seed)> Emissions =>
        Gen.Select(Gen.Int[0, 24].Array[0, 24].Array[3, 3], Gen.Int[0, 4], Gen.Int[0, 600], Gen.Int);

    private static byte[] Frame(DecodeFrame kind, int length, params byte[] payload)
    {
        byte[] frame = [(byte)kind, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), length);
        return frame;
    }

    private static byte[] Numbers(params int[] numbers) => MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();

    private DecodeJob Job(bool audio = false) => _house.Job(_house.Unit(new WorkUnit(0, 0, 3, audio)));

    private MemoryStream Written(Fault fault)
    {
        using var job = Job();
        var stream = new MemoryStream();
        new DecodeStreamWriter(stream, job).Write(fault);
        stream.Position = 0;
        return stream;
    }

    /// <summary>Any emissions in a decoder's order: random bytes, frames and flags; batches of any number of images.</summary>
    private static IEnumerable<object> Make(DecodeJob job, (int[][] Batches, int Segments, int Levels, int Seed) plan)
    {
        var random = new Random(plan.Seed);
        var grid = job.Assets.Audio!.Grid;
        var useful = grid.UsefulSamples(job.Info.Timeline);
        var segments = Math.Min(plan.Segments, grid.Count(useful, job.Info.Timeline));
        for (var i = 0; i < segments; i++)
        {
            var request = job.RentSegment(CancellationToken.None);
            request.Segment = grid[i, i == segments - 1 ? Math.Min(useful, (i * 16_000L) + random.Next(1, 16_000)) : useful];
            random.NextBytes(MemoryMarshal.AsBytes(request.Samples.AsSpan(0, request.Segment.SampleCount)));
            request.Samples.AsSpan(request.Segment.SampleCount).Clear();
            yield return new SegmentDecoded(request);
        }

        var levels = new float[plan.Levels];
        random.NextBytes(MemoryMarshal.AsBytes(levels.AsSpan()));
        yield return new AudioDecoded(new AudioLevels(levels, plan.Levels > 0 || random.Next(2) == 0));
        foreach (var chunk in job.Chunks)
        {
            foreach (var frames in plan.Batches[chunk.Index].Where(f => f < chunk.FrameCount).Distinct().Order().Chunk(random.Next(1, job.Assets.Visual.BatchSize + 1)))
            {
                var batch = job.RentBatch(CancellationToken.None);
                (batch.Chunk, batch.Count) = (chunk.Index, frames.Length);
                frames.CopyTo(batch.Frames.AsSpan());
                random.NextBytes(batch.Input.AsSpan(0, frames.Length * job.Assets.Visual.InputBytes));
                yield return new BatchDecoded(batch);
            }

            var boxes = new float[chunk.FrameCount * 4];
            random.NextBytes(MemoryMarshal.AsBytes(boxes.AsSpan()));
            yield return new ChunkDecoded(chunk, [.. boxes.Take(chunk.FrameCount).Select(_ => (FrameFlags)random.Next(4))], boxes);
        }

        yield return new UnitDecoded();
    }

    private static List<string> ReadAll(Stream stream, DecodeJob job)
    {
        var reader = new DecodeStreamReader(stream, job, Longest);
        var read = new List<string>();
        for (object? emitted = null; emitted is not UnitDecoded;)
        {
            emitted = reader.Read(CancellationToken.None);
            read.Add(DecodeHouse.Describe(emitted, job));
            DecodeHouse.GiveBack(emitted, job);
        }

        return read;
    }

    /// <summary>A client whose decoder is the test's; it must be lost, with nothing kept of the budget.</summary>
    private async Task<DecoderLostException> RunAgainstAsync(Func<Socket, Task> decoder, DecodeLimits? limits = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var job = Job();
        var remote = _house.Remote(job, () => new DecodeOffered("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, new byte[16]), limits ?? Patient);
        var running = Task.Run(() => DecodeHouse.Run(remote, job));
        using var socket = await listener.AcceptSocketAsync();
        var hello = new byte[20];
        Assert.Equal(20, await socket.ReceiveAsync(hello));
        var deciding = decoder(socket);
        var lost = await Assert.ThrowsAsync<DecoderLostException>(() => running);
        Assert.True(_house.Gpu.LostDecoders.Has("worker/decoder"));
        Assert.Equal(0, _house.Gpu.Staging.InUse);
        _ = deciding.ContinueWith(t => t.Exception, TaskScheduler.Default);
        return lost;
    }
}
