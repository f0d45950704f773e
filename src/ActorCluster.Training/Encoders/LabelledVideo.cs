using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Manifests;

namespace ActorCluster.Training.Encoders;

/// <summary>A video with labels.</summary>
/// <param name="Entry">The video.</param>
/// <param name="Split">What it is for.</param>
internal sealed record LabelledVideo(VideoEntry Entry, DatasetSplit Split)
{
    private const string Stage = "train-encoder";

    /// <summary>The videos for training and validation in the manifest's order.</summary>
    /// <param name="manifest">The manifest's file.</param>
    /// <param name="splits">The split's file.</param>
    /// <exception cref="InputFaultException">A file is wrong, a video of the split is not in the manifest or has no labels there, or one of the two sets is empty.</exception>
    /// <exception cref="EnvironmentFaultException">A file cannot be read.</exception>
    public static IReadOnlyList<LabelledVideo> Read(string manifest, string splits)
    {
        try
        {
            using var splitText = File.OpenText(splits);
            var split = SplitFile.Read(splitText, splits);
            using var text = File.OpenText(manifest);
            var folder = Path.GetDirectoryName(Path.GetFullPath(manifest))!;
            var entries = manifest.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? ManifestReader.ReadJsonl(text, folder) : ManifestReader.ReadCsv(text, folder);
            var videos = entries
                .Select(entry => (Entry: entry, Split: split.Find(entry.Id)))
                .Where(video => video.Split is DatasetSplit.Train or DatasetSplit.Validation)
                .Select(video => new LabelledVideo(video.Entry, video.Split!.Value))
                .ToList();
            Check(videos, split, manifest, splits);
            return videos;
        }
        catch (ManifestFormatException e)
        {
            throw new InputFaultException(Stage, $"{manifest}: {e.Message}", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException(Stage, e.Message, "Give files that are there and may be read.", e);
        }
    }

    /// <summary>Reads the labels.</summary>
    /// <param name="frames">The video's number of frames.</param>
    /// <param name="note">Told what was put right.</param>
    /// <returns>The label of each frame, -1 for none.</returns>
    /// <exception cref="InputFaultException">They are missing, damaged, or of another length.</exception>
    public sbyte[] ReadLabels(int frames, Action<string> note)
    {
        try
        {
            using var stream = File.OpenRead(Entry.Labels!);
            var labels = LabelFile.Read(stream, Entry.Labels!).FitTo(frames, Entry.Id);
            foreach (var notice in labels.Notices)
            {
                note($"{Entry.Id}: {notice}");
            }

            return [.. labels.Labels];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputFaultException(Stage, $"The labels of video '{Entry.Id}' cannot be read: {e.Message}", inner: e);
        }
    }

    private static void Check(List<LabelledVideo> videos, SplitFile split, string manifest, string splits)
    {
        var known = videos.Select(video => video.Entry.Id).ToHashSet(StringComparer.Ordinal);
        var absent = split.Videos.Where(video => video.Split != DatasetSplit.Test && !known.Contains(video.Id)).Select(video => video.Id).ToList();
        if (absent.Count > 0)
        {
            throw new InputFaultException(Stage, $"{splits} names {absent.Count} videos that {manifest} does not have, such as '{absent[0]}'. Give the manifest that the split was made for.");
        }

        if (videos.Find(video => video.Entry.Labels is null) is { } bare)
        {
            throw new InputFaultException(Stage, $"{manifest} names no labels for video '{bare.Entry.Id}'. Give them in a column 'labels'.");
        }

        foreach (var needed in (ReadOnlySpan<DatasetSplit>)[DatasetSplit.Train, DatasetSplit.Validation])
        {
            if (!videos.Exists(video => video.Split == needed))
            {
                throw new InputFaultException(Stage, $"{splits} has no video for {needed.ToString().ToLowerInvariant()}; both training and validation are needed.");
            }
        }
    }
}
