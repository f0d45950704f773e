using System.Globalization;
using ActorCluster.Benchmarks;

const string Usage =
    """
    dotnet run -c Release --project tests/ActorCluster.Benchmarks -- <verb> [number]

      pipeline [repetitions]   actorcluster process against bare decoding, detection and net
      frames [repetitions]     the frame reader against bare ffmpeg; chunked against sequential decoding
      memory [minutes]         peak memory of a long video against a 30-second one
      clips [count]            own CPU time and journal events of many one-second clips
      audio-encoders [times]   WavLM of the published sizes against bare matrix products
      encoders [repetitions]   BEiT of the published sizes against the bare matrix products of its shapes
      gpu [repetitions]        BEiT and WavLM of the published large sizes on cuda:0
      fusion [repetitions]     the whole pipeline with encoders of base size against bare loops of its parts
      training [steps]         the trainer from disk against bare forward, backward and step on resident tensors
      remote-decode [times]    a device that one decoder cannot keep busy, and two decoders behind TCP
      cluster [chunks]         node processes: slots kept busy, own cost a chunk
      deaths [chunks]          node processes: how soon work goes on elsewhere, and what is left of the speed
      many-videos              a manifest of 100,000 videos
      score [repetitions]      actorcluster score over three million frames against reading the bytes
      soak [minutes]           mixed files for a long time: memory, descriptors, processes, temporary files
    """;

var number = 0;
if (args.Length is < 1 or > 2 || (args.Length == 2 && (!int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out number) || number < 1)))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

int Or(int standard) => number == 0 ? standard : number;
switch (args[0])
{
    case "pipeline":
        await PipelineBenchmark.RunAsync(Or(5));
        return 0;
    case "frames":
        await FrameBenchmark.RunAsync(Or(5));
        return 0;
    case "memory":
        await MemoryBenchmark.RunAsync(Or(60));
        return 0;
    case "clips":
        await ClipBenchmark.RunAsync(Or(2000));
        return 0;
    case "audio-encoders":
        AudioEncoderBenchmark.Run(Or(5));
        return 0;
    case "encoders":
        EncoderBenchmark.Run(Or(10));
        return 0;
    case "gpu":
        GpuBenchmark.Run(Or(20));
        return 0;
    case "fusion":
        await FusionBenchmark.RunAsync(Or(3));
        return 0;
    case "training":
        TrainingBenchmark.Run(Or(20));
        return 0;
    case "remote-decode":
        await RemoteDecodeBenchmark.RunAsync(Or(3));
        return 0;
    case "cluster":
        await ClusterBenchmark.SteadyAsync(Or(1000));
        return 0;
    case "deaths":
        await ClusterBenchmark.DeathsAsync(Or(1000));
        return 0;
    case "many-videos":
        await ClusterBenchmark.ManyVideosAsync();
        return 0;
    case "score":
        await ScoreBenchmark.RunAsync(Or(5));
        return 0;
    case "soak":
        await SoakBenchmark.RunAsync(TimeSpan.FromMinutes(Or(30)));
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
