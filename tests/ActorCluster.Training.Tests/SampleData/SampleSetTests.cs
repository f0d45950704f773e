using System.Security.Cryptography;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Manifests;
using ActorCluster.Media;
using ActorCluster.Training.SampleData;

namespace ActorCluster.Training.Tests.SampleData;

/// <summary>Real sets: encoded, probed and decoded by ffmpeg.</summary>
public sealed class SampleSetTests : IDisposable
{
    private const ulong Seed = 6;
    private static readonly FfmpegTools Tools = FfmpegTools.Locate();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sample-set-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Generate_SameSeedTwice_SameBytesInAllFiles()
    {
        Generate("one", videos: 2, jobs: 1);
        Generate("two", videos: 2, jobs: 2);
        var (one, two) = (Hashes("one"), Hashes("two"));
        Assert.True(one.Count > 500);
        Assert.Equal(one, two);
    }

    [Fact]
    public void Generate_OtherSeed_OtherVideosAndLabels()
    {
        Generate("one", videos: 1);
        SampleSet.Generate(new SampleSetOptions(PathOf("two"), 1, Seed + 1, 1), Tools, _ => { }, CancellationToken.None);
        var (one, two) = (Hashes("one"), Hashes("two"));
        Assert.All(["videos/clip-00001.mp4", "labels/clip-00001.txt", "crops/clip-00001/00001.jpg"], file => Assert.NotEqual(one[file], two[file]));
    }

    [Fact]
    public async Task Generate_Set_FilesAgreeWithEachOther()
    {
        const int Videos = 3;
        var summary = Generate("set", Videos);
        Assert.Equal((Videos, Videos, Videos), (summary.Videos, summary.Made, summary.Speakers));
        var plans = VideoPlanner.Plan(Seed, Videos);
        using var manifest = new StreamReader(PathOf("set/manifest.csv"));
        var entries = ManifestReader.ReadCsv(manifest, PathOf("set"));
        Assert.Equal(plans.Select(p => p.Id), entries.Select(e => e.Id));
        using var splitText = new StreamReader(PathOf("set/splits.csv"));
        Assert.Equal(plans.Select(p => (p.Id, p.Split)), SplitFile.Read(splitText, "splits.csv").Videos);
        foreach (var plan in plans)
        {
            var info = await new VideoProbe(Tools).ProbeAsync(PathOf($"set/videos/{plan.Id}.mp4"), CancellationToken.None);
            Assert.Equal((plan.FrameCount, plan.Width, plan.Height), (info.Timeline.Pts.Length, info.Width, info.Height));
            Assert.NotNull(info.Audio);
            Assert.Equal(plan.TimeOf(plan.FrameCount - 1), info.Timeline.SecondsAt(plan.FrameCount - 1) - info.Timeline.SecondsAt(0), 1e-3);
            foreach (var path in (string[])["labels", "oracle/both", "oracle/video", "oracle/audio"])
            {
                using var file = File.OpenRead(PathOf($"set/{path}/{plan.Id}.txt"));
                var labels = LabelFile.Read(file, path);
                Assert.True(labels.HasHeader);
                Assert.Equal(plan.FrameCount, labels.Labels.Length);
            }

            var crops = Enumerable.Range(0, plan.FrameCount).Where(frame => File.Exists(PathOf($"set/crops/{plan.Id}/{frame + 1:D5}.jpg")));
            Assert.Equal(Enumerable.Range(0, plan.FrameCount).Where(frame => plan.AbsenceAt(frame) is null), crops);
        }
    }

    [Fact]
    public async Task Generate_Voice_IsHeardWhenTheMouthMoves()
    {
        Generate("set", videos: 1);
        var plan = VideoPlanner.Plan(Seed, 1)[0];
        var info = await new VideoProbe(Tools).ProbeAsync(PathOf("set/videos/clip-00001.mp4"), CancellationToken.None);
        var sound = Sound(info);
        Assert.InRange((double)sound.Length / AudioReader.SampleRate, plan.Seconds - 0.1, plan.Seconds + 0.1);
        var spoken = plan.Syllables.Average(s => Power(sound, s.Start + (0.3 * s.Seconds), s.Start + (0.8 * s.Seconds)));
        var paused = plan.Syllables.Zip(plan.Syllables.Skip(1)).Where(p => p.Second.Start - p.First.End > 0.12).Average(p => Power(sound, p.First.End + 0.05, p.Second.Start - 0.02));
        Assert.True(spoken > 30 * paused, $"{spoken} against {paused}");
    }

    [Fact]
    public void Generate_AfterAVideoWasLost_MakesThatOneAgainAlike()
    {
        Generate("set", videos: 2);
        var before = Hashes("set");
        File.Delete(PathOf("set/videos/clip-00002.mp4"));
        File.WriteAllText(PathOf("set/videos/clip-00002.mp4.part"), "torn");
        Directory.CreateDirectory(PathOf("set/crops/clip-00002.part"));
        File.WriteAllText(PathOf("set/crops/clip-00002.part/99999.jpg"), "torn");
        Assert.Equal(1, Generate("set", videos: 2).Made);
        Assert.Equal(before, Hashes("set"));
    }

    [Fact]
    public void Generate_MoreVideos_AddsToTheSet()
    {
        Generate("set", videos: 1);
        var before = Hashes("set")["videos/clip-00001.mp4"];
        Assert.Equal(1, Generate("set", videos: 2).Made);
        Assert.Equal(before, Hashes("set")["videos/clip-00001.mp4"]);
        Assert.Contains("at least 2", Assert.Throws<SampleSetException>(() => Generate("set", videos: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_FolderOfSomethingElse_IsRefusedUntouched()
    {
        File.WriteAllText(PathOf("thesis.txt"), "mine");
        var refusal = Assert.Throws<SampleSetException>(() => SampleSet.Generate(new SampleSetOptions(_folder.FullName, 1, Seed, 1), Tools, _ => { }, CancellationToken.None));
        Assert.Contains("is not empty", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([PathOf("thesis.txt")], Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Theory]
    [InlineData("""{"version":1,"seed":99,"videos":1}""", "seed 99")]
    [InlineData("""{"version":0,"seed":6,"videos":1}""", "version 0")]
    [InlineData("""{"version":1,"seed":-6,"videos":1}""", "cannot be understood")]
    [InlineData("""{"version":1}""", "cannot be understood")]
    [InlineData("[", "cannot be understood")]
    public void Generate_FolderOfAnotherSet_IsRefused(string marker, string cause)
    {
        File.WriteAllText(PathOf("sample-set.json"), marker);
        var refusal = Assert.Throws<SampleSetException>(() => SampleSet.Generate(new SampleSetOptions(_folder.FullName, 1, Seed, 1), Tools, _ => { }, CancellationToken.None));
        Assert.Contains(cause, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_FolderInUse_SaysSo()
    {
        Directory.CreateDirectory(PathOf("set"));
        using var other = new FileStream(PathOf("set/.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.Contains("Another process", Assert.Throws<EnvironmentFaultException>(() => Generate("set", videos: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_OutIsAFile_IsTheEnvironmentsFault()
    {
        File.WriteAllText(PathOf("set"), "");
        Assert.Throws<EnvironmentFaultException>(() => Generate("set", videos: 1));
    }

    [Fact]
    public void Generate_CancelledInTheMiddle_LeavesNoTornVideoAndGoesOn()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => SampleSet.Generate(new SampleSetOptions(PathOf("set"), 3, Seed, 1), Tools, _ => stop.Cancel(), stop.Token));
        Assert.Single(Directory.GetFiles(PathOf("set/videos"), "*.mp4"));
        Assert.Equal(2, Generate("set", videos: 3).Made);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(SampleSetOptions.MaxVideos + 1, 1)]
    [InlineData(1, 0)]
    public void Generate_NumberOutOfRange_Throws(int videos, int jobs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleSet.Generate(new SampleSetOptions(PathOf("set"), videos, Seed, jobs), Tools, _ => { }, CancellationToken.None));

    private SampleSetSummary Generate(string name, int videos, int jobs = 2) =>
        SampleSet.Generate(new SampleSetOptions(PathOf(name), videos, Seed, jobs), Tools, _ => { }, CancellationToken.None);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The hash of every file of a set, by its path in it.</summary>
    private SortedDictionary<string, string> Hashes(string name) => new(
        Directory.EnumerateFiles(PathOf(name), "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(PathOf(name), path), path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))),
        StringComparer.Ordinal);

    private static float[] Sound(VideoInfo info)
    {
        using var reader = AudioReader.Open(Tools, info, CancellationToken.None);
        var samples = new List<float>();
        var buffer = new float[4096];
        for (int n; (n = reader.Read(buffer)) > 0;)
        {
            samples.AddRange(buffer.AsSpan(0, n));
        }

        return [.. samples];
    }

    private static double Power(float[] samples, double from, double to) =>
        samples.AsSpan((int)(from * AudioReader.SampleRate), (int)((to - from) * AudioReader.SampleRate)).ToArray().Average(x => (double)x * x);
}
