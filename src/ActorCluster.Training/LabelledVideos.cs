using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Storage;

namespace ActorCluster.Training;

/// <summary>Opens videos with features and labels and names all that is wrong with them at once.</summary>
internal static class LabelledVideos
{
    private const int MostNamed = 20;

    /// <summary>Opens videos, in the order of their ids. Every feature is looked at once.</summary>
    /// <param name="inputs">The videos.</param>
    /// <param name="stage">What faults are named by.</param>
    /// <param name="problems">Receives what is wrong, by video; such videos are left out.</param>
    /// <param name="notices">Receives what was put right.</param>
    /// <exception cref="EnvironmentFaultException">A file cannot be read.</exception>
    public static List<(TrainingVideo Video, DatasetSplit Split)> Open(IEnumerable<TrainingInput> inputs, string stage, List<string> problems, List<string> notices)
    {
        List<(TrainingVideo Video, DatasetSplit Split)> videos = [];
        try
        {
            foreach (var input in inputs.OrderBy(i => i.Id, StringComparer.Ordinal))
            {
                try
                {
                    videos.Add((Open(input, stage, notices), input.Split));
                }
                catch (Exception e) when (e is InputFaultException or FeatureFileException)
                {
                    problems.Add($"{input.Id}: {e.Message}");
                }
            }

            problems.AddRange(Differences([.. videos.Select(v => v.Video)]));
            return videos;
        }
        catch
        {
            videos.ForEach(v => v.Video.Features.Dispose());
            throw;
        }
    }

    /// <summary>Labelled frames of each class, [8].</summary>
    public static ImmutableArray<long> Count(ImmutableArray<TrainingVideo> videos)
    {
        var counts = new long[Expressions.Count];
        foreach (var label in videos.SelectMany(v => v.Labels).Where(l => l >= 0))
        {
            counts[label]++;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(counts);
    }

    /// <summary>Why nothing can be done with a split; nothing when something can.</summary>
    public static IEnumerable<string> Unusable(string split, ImmutableArray<TrainingVideo> videos)
    {
        if (videos.IsEmpty)
        {
            yield return $"No usable video is in the split '{split}'.";
        }
        else if (Count(videos).Sum() == 0)
        {
            yield return $"No frame of the split '{split}' is labelled.";
        }
    }

    /// <summary>Problems as one fault.</summary>
    public static InputFaultException Fault(string stage, List<string> problems) => new(
        stage,
        $"{problems.Count} problem{(problems.Count == 1 ? "" : "s")}:\n  {string.Join("\n  ", problems.Take(MostNamed))}{(problems.Count > MostNamed ? $"\n  and {problems.Count - MostNamed} more" : "")}");

    private static TrainingVideo Open(TrainingInput input, string stage, List<string> notices)
    {
        if (input.Labels is null)
        {
            throw new InputFaultException(stage, "it has no labels; name its label file in the manifest.");
        }

        var features = FrameFeatureFile.Open(input.Features);
        try
        {
            var labels = ReadLabels(input.Labels, stage).FitTo(features.Count, input.Id);
            notices.AddRange(labels.Notices.Select(n => $"{input.Id}: {n}"));
            features.RequireFinite();
            return new TrainingVideo(input.Id, features, labels.Labels);
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    private static LabelFile ReadLabels(string path, string stage)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return LabelFile.Read(stream, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputFaultException(stage, $"its label file '{path}' does not exist.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException(stage, $"The label file '{path}' cannot be read: {e.Message}", "Check its permissions and the disk, then start again.", e);
        }
    }

    /// <summary>Videos whose features do not mean the same as the first one's.</summary>
    private static IEnumerable<string> Differences(IReadOnlyList<TrainingVideo> videos)
    {
        foreach (var video in videos.Skip(1))
        {
            var (a, b) = (videos[0].Features.Info, video.Features.Info);
            if (a.Key != b.Key || a.Visual != b.Visual || a.Audio != b.Audio || (a.VisualWidth, a.AudioWidth) != (b.VisualWidth, b.AudioWidth))
            {
                yield return
                    $"{video.Id}: its features are of {b.Visual.Name} ({b.VisualWidth}) and {b.Audio.Name} ({b.AudioWidth}), key {b.Key}; those of {videos[0].Id} are of {a.Visual.Name} ({a.VisualWidth}) and {a.Audio.Name} ({a.AudioWidth}), key {a.Key}.";
            }
        }
    }
}
