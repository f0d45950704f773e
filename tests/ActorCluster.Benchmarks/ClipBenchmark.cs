using System.Globalization;
using ActorCluster.Media;
using ActorCluster.Storage;
using Microsoft.Data.Sqlite;

namespace ActorCluster.Benchmarks;

/// <summary>What many one-second clips cost beside decoding and the nets.</summary>
internal static class ClipBenchmark
{
    private const int Cuts = 8;
    private const int FewClips = 50;

    public static async Task RunAsync(int count)
    {
        using var folder = new WorkFolder();
        var tools = FfmpegTools.Locate();
        var cuts = new List<string>();
        for (var i = 0; i < Cuts; i++)
        {
            cuts.Add(await TestVideos.MakeAsync(
                tools, folder.File($"cut-{i}.mp4"), "-ss", $"{i}", "-i", Repository.HelloClip, "-t", "1", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac"));
        }

        var inference = await BareCpuPerClipAsync(tools, cuts);
        var few = await Sitting.RunAsync(folder.NewFolder("data"), "lite", Clips(folder, cuts, FewClips));
        var data = folder.NewFolder("data");
        var many = await Sitting.RunAsync(data, "lite", Clips(folder, cuts, count));
        var events = CountEvents(data);

        double Own(Sitting s) => s.OwnCpu - s.MeteredInferenceCpu;
        Figures.Caption($"{count} clips of a second (cuts of hello-crop.mp4, {many.Summary.Frames / (double)count:F1} frames each); targets: own CPU below 15 ms and at most 6 events a clip.");
        var table = new MarkdownTable("figure", "a clip");
        table.Add("own CPU by the meter, start-up and report included", Milliseconds(Own(many) / count));
        table.Add($"own CPU by the meter, of each clip more than {FewClips}", Milliseconds((Own(many) - Own(few)) / (count - FewClips)));
        table.Add($"CPU of the process less that of bare detection, cropping and net, of each clip more than {FewClips}", Milliseconds(((many.OwnCpu - few.OwnCpu) / (count - FewClips)) - inference));
        table.Add("CPU of the process", Milliseconds(many.OwnCpu / count));
        table.Add("CPU of detection and net by the meter", Milliseconds(many.MeteredInferenceCpu / count));
        table.Add("CPU of bare detection and net, frames in memory", Milliseconds(inference));
        table.Add("CPU of ffmpeg and ffprobe", Milliseconds(many.ChildrenCpu / count));
        table.Add("wall clock", Milliseconds(many.WallSeconds / count));
        table.Add("journal events of the clip itself", (events.Clips / (double)count).ToString("F3", CultureInfo.InvariantCulture));
        table.Add("journal events of run and catalogue", (events.Others / (double)count).ToString("F3", CultureInfo.InvariantCulture));
        table.Write();
    }

    private static async Task<double> BareCpuPerClipAsync(FfmpegTools tools, List<string> cuts)
    {
        const int Rounds = 5;
        using var bare = new BareInference(Repository.LitePipeline);
        var rounds = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var seconds = 0.0;
            foreach (var cut in cuts)
            {
                var info = await new VideoProbe(tools).ProbeAsync(cut, CancellationToken.None);
                var (width, height) = bare.SizeOf(info);
                seconds += bare.Run(bare.Load(tools, info), width, height);
            }

            if (round >= 0)
            {
                rounds.Add(seconds / cuts.Count);
            }
        }

        return Figures.Median(rounds);
    }

    private static string Clips(WorkFolder folder, List<string> cuts, int count)
    {
        var clips = folder.NewFolder("clips");
        for (var i = 0; i < count; i++)
        {
            TestVideos.CopyMarked(cuts[i % cuts.Count], Path.Combine(clips, $"clip-{i:D5}.mp4"), i);
        }

        return clips;
    }

    /// <summary>Events ever stored: reducing a history removes rows, but SQLite's counter of the ordering column and each remaining row's sequence number stay.</summary>
    private static (long Clips, long Others) CountEvents(string data)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = new DataDirectory(data).Journal, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        long Scalar(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }

        var all = Scalar("SELECT seq FROM sqlite_sequence WHERE name = 'journal'");
        var others = Scalar("SELECT sum(n) FROM (SELECT max(sequence_number) n FROM journal WHERE persistence_id LIKE 'run-%' GROUP BY persistence_id)");
        return (all - others, others);
    }

    private static string Milliseconds(double seconds) => $"{seconds * 1000:F1} ms";
}
