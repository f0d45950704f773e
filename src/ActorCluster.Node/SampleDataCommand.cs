using System.CommandLine;
using ActorCluster.Core;
using ActorCluster.Media;
using ActorCluster.Training.SampleData;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster sample-data</c>: a generated data set to try things on.</summary>
internal static class SampleDataCommand
{
    private const int MaxJobs = 256;

    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Where to: a new or empty folder, or a sample set of the same seed, which is completed.", Required = true, HelpName = "folder" };
        var videos = new Option<int>("--videos") { Description = "How many videos, of 10 to 14 s each.", DefaultValueFactory = _ => 60, HelpName = "n" };
        var seed = new Option<ulong>("--seed") { Description = "What all chance comes from: the same seed gives the same set.", DefaultValueFactory = _ => 1, HelpName = "n" };
        var jobs = new Option<int>("--jobs") { Description = "Videos made at a time; the set does not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "n" };
        videos.Within(1, SampleSetOptions.MaxVideos);
        jobs.Within(1, MaxJobs);
        var command = new Command(
            "sample-data",
            "Generate videos of drawn faces and synthesised voices, with per-frame labels, to train and evaluate on. Ctrl-C stops; the same command goes on.")
        {
            output, videos, seed, jobs,
        };
        command.SetAction(parsed => Run(new SampleSetOptions(parsed.GetValue(output)!, parsed.GetValue(videos), parsed.GetValue(seed), parsed.GetValue(jobs))));
        return command;
    }

    private static int Run(SampleSetOptions options)
    {
        if (options.Folder.Length == 0)
        {
            throw new UsageException("--out takes a folder.");
        }

        using var signals = new StopSignals();
        try
        {
            var summary = SampleSet.Generate(options, FfmpegTools.Locate(), present => Progress(present, options.Videos), signals.Stop);
            Say(options, summary);
            return ExitCodes.Completed;
        }
        catch (SampleSetException e)
        {
            throw new UsageException(e.Message, e);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped. The same command goes on.");
            return ExitCodes.Interrupted;
        }
    }

    private static void Progress(int present, int videos)
    {
        if (present % 10 == 0 && present < videos)
        {
            Console.Error.WriteLine($"{present} of {videos} videos");
        }
    }

    private static void Say(SampleSetOptions options, SampleSetSummary summary)
    {
        var labelled = summary.ClassFrames.Sum(c => c.Sum());
        Console.Out.WriteLine($"{summary.Videos} videos of {summary.Speakers} speakers in {options.Folder}, {summary.Made} of them made now; {summary.Seconds:0} s, {summary.Frames} frames");
        Console.Out.WriteLine($"{(double)summary.FramesWithoutFace / summary.Frames:P1} of the frames without a face, {(double)summary.SkippedFrames / summary.Frames:P1} with the label -1");
        Console.Out.WriteLine("class       share    train  validation     test");
        for (var c = 0; c < Expressions.Count; c++)
        {
            var frames = summary.ClassFrames[c];
            Console.Out.WriteLine($"{Expressions.Names[c],-10} {(double)frames.Sum() / labelled,6:P1} {frames[0],8} {frames[1],11} {frames[2],8}");
        }

        Console.Out.WriteLine($"macro F1 of an ideal observer: {summary.OracleBoth:0.000} with video and audio, {summary.OracleVideo:0.000} with video, {summary.OracleAudio:0.000} with audio");
    }
}
