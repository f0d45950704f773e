using ActorCluster.Media;

// Started by MediaProcessTests as a process of its own, to be killed while its decoder runs: probes a video, reads one frame, says which process
// decodes, and keeps the decoder waiting for as long as it lives.
var tools = FfmpegTools.Locate();
var info = await new VideoProbe(tools).ProbeAsync(args[0], CancellationToken.None);
using var reader = FrameReader.Open(tools, info, info.Timeline.Pts[0], long.MaxValue, 1920, 1080, null, CancellationToken.None);
if (reader.TryReadFrame(new byte[1920 * 1080 * 3], out _))
{
    Console.WriteLine(reader.ProcessId);
}

Console.ReadLine();
