using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;

namespace ActorCluster.Training.SampleData;

/// <summary>Where a sample set keeps what, and whose set a folder is.</summary>
internal sealed class SampleSetFolder : IDisposable
{
    /// <summary>Raised whenever the same seed gives other bytes.</summary>
    public const int Version = 2;

    private const string Stage = "sample-data";
    private const string MarkerName = "sample-set.json";
    private const string LockName = ".lock";
    private const int MaxMarkerBytes = 4096;

    private readonly string _root;
    private readonly FileStream _lock;

    private SampleSetFolder(string root, FileStream held) => (_root, _lock) = (root, held);

    /// <summary>Opens a folder for a set, which is made if it is not there.</summary>
    /// <param name="options">The set.</param>
    /// <exception cref="SampleSetException">It holds something else.</exception>
    /// <exception cref="EnvironmentFaultException">It cannot be read or written.</exception>
    public static SampleSetFolder Open(SampleSetOptions options) => Guard(options.Folder, () =>
    {
        var root = Path.GetFullPath(options.Folder);
        RequireOwn(root, options);
        Directory.CreateDirectory(root);
        var folder = new SampleSetFolder(root, Lock(root));
        try
        {
            folder.Prepare(options);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    });

    public string Video(VideoPlan plan) => Path.Combine(_root, "videos", plan.Id + ".mp4");

    public string Labels(VideoPlan plan) => Path.Combine(_root, "labels", plan.Id + ".txt");

    public string Crops(VideoPlan plan) => Path.Combine(_root, "crops", plan.Id);

    public string OracleLabels(VideoPlan plan, OracleEvidence evidence) =>
        Path.Combine(_root, "oracle", evidence.ToString().ToLowerInvariant(), plan.Id + ".txt");

    /// <summary>Writes a text file in the set's own folder, whole or not at all.</summary>
    public void WriteTop(string name, string text) => AtomicFile.Write(Path.Combine(_root, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Lets others make the set.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Runs file work and turns its failure into the environment's fault.</summary>
    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException(
                Stage, $"Cannot write the sample set at '{path}': {e.Message}", "Check the folder's rights and the disk's free space, then run the same command again: it goes on where it stopped.", e);
        }
    }

    private static void RequireOwn(string root, SampleSetOptions options)
    {
        var marker = Path.Combine(root, MarkerName);
        if (File.Exists(marker))
        {
            Require(root, Read(root, marker), options);
        }
        else if (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any(IsForeign))
        {
            throw new SampleSetException($"The folder '{root}' is not empty and is no sample set. Name an empty or a new folder.");
        }
    }

    /// <summary>Not what a process leaves that was killed before it had claimed the folder.</summary>
    private static bool IsForeign(string entry) => Path.GetFileName(entry) is var name && name != LockName && !name.StartsWith(MarkerName, StringComparison.Ordinal);

    /// <summary>Two processes would write the same temporaries. The kernel releases the lock however the process ends.</summary>
    private static FileStream Lock(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (StoreFault.IsHeld(e))
        {
            throw new EnvironmentFaultException(Stage, $"Another process is making the sample set at '{root}'.", "Wait for it to end, or name another folder.", e);
        }
    }

    private void Prepare(SampleSetOptions options)
    {
        AtomicFile.DeleteTemporaries(_root);
        WriteTop(MarkerName, string.Create(CultureInfo.InvariantCulture, $$"""{"version":{{Version}},"seed":{{options.Seed}},"videos":{{options.Videos}}}""") + "\n");
        foreach (var part in (string[])["videos", "labels", "crops", "oracle/both", "oracle/video", "oracle/audio"])
        {
            Directory.CreateDirectory(Path.Combine(_root, part));
        }
    }

    private static void Require(string root, (int Version, ulong Seed, int Videos) found, SampleSetOptions options)
    {
        var (version, seed, videos) = found;
        if (version != Version || seed != options.Seed)
        {
            throw new SampleSetException(
                $"The folder '{root}' holds a sample set of seed {seed} (version {version}), not of seed {options.Seed} (version {Version}). Name another folder, or remove that one.");
        }

        if (videos > options.Videos)
        {
            throw new SampleSetException($"The folder '{root}' holds a sample set of {videos} videos, more than {options.Videos}. Ask for at least {videos}, or name another folder.");
        }
    }

    private static (int Version, ulong Seed, int Videos) Read(string root, string marker)
    {
        try
        {
            if (new FileInfo(marker).Length <= MaxMarkerBytes)
            {
                using var json = JsonDocument.Parse(File.ReadAllBytes(marker));
                var set = json.RootElement;
                return (set.GetProperty("version").GetInt32(), set.GetProperty("seed").GetUInt64(), set.GetProperty("videos").GetInt32());
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            // Said below, as for one that is too long.
        }

        throw new SampleSetException($"The folder '{root}' has a {MarkerName} that cannot be understood. Name another folder, or remove that one.");
    }
}
