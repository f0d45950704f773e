using System.Text.Json.Nodes;
using ActorCluster.Storage;

namespace ActorCluster.Node.Tests;

/// <summary>A test's own folder: videos, data, and the runs over them.</summary>
internal sealed class Sandbox : IDisposable
{
    private const string Run = "test";

    public Sandbox()
    {
        Directory.CreateDirectory(Videos);
        Data = InFolder("data");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("actorcluster-node-").FullName;

    public string Videos => InFolder("videos");

    /// <summary>The data folder; another one starts from nothing.</summary>
    public string Data { get; set; }

    public RunDirectory Results => new DataDirectory(Data).Run(Run);

    public string Log => Path.Combine(new DataDirectory(Data).State, "actorcluster.log");

    public RunSummary Summary
    {
        get
        {
            using var file = File.OpenRead(Results.Summary);
            return RunSummaryJson.Read(file);
        }
    }

    /// <summary>How many units of work are stored: chunks and audio tracks.</summary>
    public int StoredUnits => FilesOf(Path.Combine(Data, "features"), "*.safetensors").Count;

    public string InFolder(string name) => Path.Combine(Root, name);

    /// <summary>Puts a copy of a clip among the videos.</summary>
    public string Add(string clip, string name)
    {
        var path = Path.Combine(Videos, name);
        File.Copy(clip, path, overwrite: true);
        return path;
    }

    /// <summary>Puts copies of clips among the videos, under their own names.</summary>
    public void AddAll(params IEnumerable<string> clips)
    {
        foreach (var clip in clips)
        {
            Add(clip, Path.GetFileName(clip));
        }
    }

    /// <summary>The shipped pipeline with chunks of one second, so that short clips have several.</summary>
    public string OneSecondChunks() => Pipeline("one-second", pipeline => pipeline["chunkSeconds"] = 1);

    /// <summary>The shipped pipeline under another name, changed, with its models where they are.</summary>
    public string Pipeline(string name, Action<JsonNode> change)
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "configs", "pipelines");
        var pipeline = JsonNode.Parse(File.ReadAllText(Path.Combine(shipped, "lite.json")))!;
        pipeline["name"] = name;
        foreach (var part in new[] { "faces", "visual" })
        {
            pipeline[part]!["model"] = Path.GetFullPath(pipeline[part]!["model"]!.GetValue<string>(), shipped);
        }

        change(pipeline);
        var path = InFolder(name + ".json");
        File.WriteAllText(path, pipeline.ToJsonString());
        return path;
    }

    /// <summary>Arguments that process the videos.</summary>
    public string[] Process(params IEnumerable<string> options) => ["process", Videos, "--data", Data, "--run", Run, .. options];

    /// <summary>The prediction files by name, with their bytes.</summary>
    public SortedDictionary<string, byte[]> Predictions() =>
        new(FilesOf(Results.Predictions, "*").ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes), StringComparer.Ordinal);

    /// <summary>Fails unless nothing is left of processes and temporary files.</summary>
    public async Task LeavesNothingBehindAsync()
    {
        Assert.Empty(FilesOf(Data, "*.tmp"));
        var found = ProcessTable.WithArgument(Root);
        await Eventually.HoldsAsync(() => (found = ProcessTable.WithArgument(Root)).Count == 0, () => $"no process works on {Root}, but: {string.Join(", ", found)}");
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static List<string> FilesOf(string folder, string pattern)
    {
        // Temporaries of the process under test come and go meanwhile.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, pattern, options)] : [];
    }
}
