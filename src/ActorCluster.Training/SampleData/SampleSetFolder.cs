using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;

namespace ActorCluster.Training.SampleData;

/// <summary>Where a sample set keeps what, and whose set a folder is.</summary>
internal sealed class SampleSetFolder
{
    /// <summary>Raised whenever the same seed gives other bytes.</summary>
    public const int Version = 1;

    private const string Stage = "sample-data";
    private const string MarkerName = "sample-set.json";
    private const int MaxMarkerBytes = 4096;

    private readonly string _root;

    private SampleSetFolder(string root) => _root = root;

    /// <summary>Opens a folder for a set, which is made if it is not there.</summary>
    /// <param name="options">The set.</param>
    /// <exception cref="SampleSetException">It holds something else.</exception>
    /// <exception cref="EnvironmentFaultException">It cannot be read or written.</exception>
    public static SampleSetFolder Open(SampleSetOptions options) => Guard(options.Folder, () =>
    {
        var folder = new SampleSetFolder(Path.GetFullPath(options.Folder));
        folder.Claim(options);
        foreach (var part in (string[])["videos", "labels", "crops", "oracle/both", "oracle/video", "oracle/audio"])
        {
            Directory.CreateDirectory(Path.Combine(folder._root, part));
        }

        return folder;
    });

    public string Video(VideoPlan plan) => Path.Combine(_root, "videos", plan.Id + ".mp4");

    public string Labels(VideoPlan plan) => Path.Combine(_root, "labels", plan.Id + ".txt");

    public string Crops(VideoPlan plan) => Path.Combine(_root, "crops", plan.Id);

    public string OracleLabels(VideoPlan plan, OracleEvidence evidence) =>
        Path.Combine(_root, "oracle", evidence.ToString().ToLowerInvariant(), plan.Id + ".txt");

    /// <summary>Writes a text file of the set whole or not at all.</summary>
    public static void WriteText(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a file in the set's own folder.</summary>
    public void WriteTop(string name, string text) => WriteText(Path.Combine(_root, name), text);

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

    private void Claim(SampleSetOptions options)
    {
        var marker = Path.Combine(_root, MarkerName);
        if (File.Exists(marker))
        {
            Require(marker, options);
        }
        else if (Directory.Exists(_root) && Directory.EnumerateFileSystemEntries(_root).Any())
        {
            throw new SampleSetException($"The folder '{_root}' is not empty and is no sample set. Name an empty or a new folder.");
        }

        Directory.CreateDirectory(_root);
        WriteText(marker, string.Create(CultureInfo.InvariantCulture, $$"""{"version":{{Version}},"seed":{{options.Seed}},"videos":{{options.Videos}}}""") + "\n");
    }

    private void Require(string marker, SampleSetOptions options)
    {
        var (version, seed, videos) = Read(marker);
        if (version != Version || seed != options.Seed)
        {
            throw new SampleSetException(
                $"The folder '{_root}' holds a sample set of seed {seed} (version {version}), not of seed {options.Seed} (version {Version}). Name another folder, or remove that one.");
        }

        if (videos > options.Videos)
        {
            throw new SampleSetException($"The folder '{_root}' holds a sample set of {videos} videos, more than {options.Videos}. Ask for at least {videos}, or name another folder.");
        }
    }

    private (int Version, ulong Seed, int Videos) Read(string marker)
    {
        try
        {
            if (new FileInfo(marker).Length <= MaxMarkerBytes)
            {
                using var json = JsonDocument.Parse(File.ReadAllBytes(marker));
                var root = json.RootElement;
                return (root.GetProperty("version").GetInt32(), root.GetProperty("seed").GetUInt64(), root.GetProperty("videos").GetInt32());
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            // Said below, as for one that is too long.
        }

        throw new SampleSetException($"The folder '{_root}' has a {MarkerName} that cannot be understood. Name another folder, or remove that one.");
    }
}
