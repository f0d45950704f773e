using ActorCluster.Core;
using ActorCluster.Core.Manifests;

namespace ActorCluster.Storage;

/// <summary>Turns the inputs of a command line (files, folders, manifests) into the videos of a run.</summary>
public static class InputScanner
{
    /// <summary>
    /// Lists the videos that the inputs name. A folder gives the video files below it in ordinal order of their relative paths; <c>.csv</c> and
    /// <c>.jsonl</c> files are manifests; any other file is a video, whatever its extension, and a missing one too, so that the run reports it.
    /// A file named twice is one video.
    /// </summary>
    /// <param name="inputs">Paths of files, folders and manifests.</param>
    /// <param name="known">
    /// The videos of the run's manifest, empty for a new run. Files keep the id they have there; a manifest's ids must still name the same files.
    /// </param>
    /// <exception cref="InputSelectionException">
    /// No input exists or no video is found; a manifest is missing, unreadable or malformed; an id names two different videos.
    /// </exception>
    public static ScannedInputs Scan(IReadOnlyList<string> inputs, IReadOnlyList<VideoEntry> known)
    {
        if (!inputs.Any(Path.Exists))
        {
            throw new InputSelectionException(inputs.Count switch
            {
                0 => "No input is given. Name a video, a folder of videos, or a manifest (.csv, .jsonl).",
                1 => $"The input '{inputs[0]}' does not exist.",
                _ => $"None of the inputs exists: {string.Join(", ", inputs.Select(input => $"'{input}'"))}.",
            });
        }

        var selection = new VideoSelection(known);
        var problems = new List<string>();
        // Manifests first: their ids are given, while those of files are made around them.
        var manifests = inputs.Where(IsManifest).Distinct().ToDictionary(path => path, ReadManifest);
        selection.Reserve(manifests.Values.SelectMany(entries => entries));
        foreach (var input in inputs)
        {
            var path = Path.GetFullPath(input);
            if (manifests.TryGetValue(input, out var entries))
            {
                selection.AddAll(entries, input);
            }
            else if (Directory.Exists(path))
            {
                AddFolder(selection, path, problems);
            }
            else if (Path.EndsInDirectorySeparator(input))
            {
                problems.Add($"The folder '{input}' does not exist.");
            }
            else
            {
                selection.AddFile(path, Path.GetFileName(path));
            }
        }

        if (selection.Entries.Count == 0 && known.Count == 0)
        {
            throw new InputSelectionException($"The inputs hold no video. {string.Join(' ', problems)}".TrimEnd());
        }

        return new ScannedInputs([.. selection.Entries], [.. selection.Vanished()], [.. problems]);
    }

    private static bool IsManifest(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".jsonl" && !Directory.Exists(path);

    private static IReadOnlyList<VideoEntry> ReadManifest(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            var folder = Path.GetDirectoryName(full)!;
            using var reader = new StreamReader(full);
            return Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase)
                ? ManifestReader.ReadCsv(reader, folder)
                : ManifestReader.ReadJsonl(reader, folder);
        }
        catch (Exception e) when (e is ManifestFormatException || StoreFault.IsStorage(e))
        {
            throw new InputSelectionException($"The manifest '{path}' cannot be used: {e.Message}", e);
        }
    }

    private static void AddFolder(VideoSelection selection, string folder, List<string> problems)
    {
        var files = VideoFolder.Find(folder, problems);
        foreach (var file in files)
        {
            selection.AddFile(Path.Combine(folder, file), file);
        }

        if (files.Count == 0)
        {
            problems.Add($"The folder '{folder}' holds no video (a file named {string.Join(", ", VideoFolder.Extensions.Order().Select(e => "*" + e))}).");
        }
    }
}
