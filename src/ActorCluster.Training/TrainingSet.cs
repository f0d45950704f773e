using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Storage;

namespace ActorCluster.Training;

/// <summary>The videos of a training, checked: all with features of the same encoders, all labelled, in the order of their ids.</summary>
public sealed class TrainingSet : IDisposable
{
    private const string Stage = "training set";
    private const int MostNamed = 20;

    private TrainingSet(ImmutableArray<TrainingVideo> train, ImmutableArray<TrainingVideo> validation, ImmutableArray<string> notices)
    {
        (Train, Validation) = (train, validation);
        TrainCounts = Count(train);
        Hash = HashOf(train, validation);
        Notices = [.. notices, .. Lacking("training", TrainCounts), .. Lacking("validation", Count(validation))];
    }

    /// <summary>The videos that weights are learned from.</summary>
    public ImmutableArray<TrainingVideo> Train { get; }

    /// <summary>The videos that choose the epoch.</summary>
    public ImmutableArray<TrainingVideo> Validation { get; }

    /// <summary>Labelled training frames of each class, [8].</summary>
    public ImmutableArray<long> TrainCounts { get; }

    /// <summary>What was put right, and classes without a sample, as sentences.</summary>
    public ImmutableArray<string> Notices { get; }

    /// <summary>What tells this set from any other: encoders, contents, labels and splits; 64 lower-case hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>The visual encoder of all features.</summary>
    public EncoderOrigin Visual => Train[0].Features.Info.Visual;

    /// <summary>The audio encoder of all features.</summary>
    public EncoderOrigin Audio => Train[0].Features.Info.Audio;

    /// <summary>Length of a visual feature vector.</summary>
    public int VisualWidth => Train[0].Features.Info.VisualWidth;

    /// <summary>Length of an audio feature vector.</summary>
    public int AudioWidth => Train[0].Features.Info.AudioWidth;

    /// <summary>The classes' shares of the labelled training frames with one frame added to each, so that none is 0, [8].</summary>
    public ImmutableArray<double> Prior
    {
        get
        {
            var all = (double)TrainCounts.Sum() + Expressions.Count;
            return [.. TrainCounts.Select(n => (n + 1) / all)];
        }
    }

    /// <summary>Opens and checks videos. Every feature is looked at once, which takes as long as reading the files.</summary>
    /// <param name="inputs">The videos; those for testing are passed over.</param>
    /// <exception cref="InputFaultException">
    /// Stage <c>training set</c>: labels are missing, malformed or too many or few; features are missing, damaged, not finite, or of different encoders;
    /// a split is empty or has no label. All problems at once, by name.
    /// </exception>
    /// <exception cref="EnvironmentFaultException">A file cannot be read.</exception>
    public static TrainingSet Open(IReadOnlyList<TrainingInput> inputs)
    {
        List<string> problems = [];
        List<string> notices = [];
        List<(TrainingVideo Video, DatasetSplit Split)> videos = [];
        try
        {
            foreach (var input in inputs.Where(i => i.Split != DatasetSplit.Test).OrderBy(i => i.Id, StringComparer.Ordinal))
            {
                try
                {
                    videos.Add((Open(input, notices), input.Split));
                }
                catch (Exception e) when (e is InputFaultException or FeatureFileException)
                {
                    problems.Add($"{input.Id}: {e.Message}");
                }
            }

            problems.AddRange(Differences([.. videos.Select(v => v.Video)]));
            var (train, validation) = (Of(DatasetSplit.Train), Of(DatasetSplit.Validation));
            problems.AddRange(Unusable("train", train));
            problems.AddRange(Unusable("validation", validation));
            return problems.Count == 0 ? new TrainingSet(train, validation, [.. notices]) : throw new InputFaultException(Stage, Named(problems));
        }
        catch
        {
            videos.ForEach(v => v.Video.Features.Dispose());
            throw;
        }

        ImmutableArray<TrainingVideo> Of(DatasetSplit split) => [.. videos.Where(v => v.Split == split).Select(v => v.Video)];
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var video in Train.Concat(Validation))
        {
            video.Features.Dispose();
        }
    }

    /// <summary>The weight of each class in the loss, [8]; empty for 1 each.</summary>
    internal ImmutableArray<double> Weights(ClassWeighting weighting)
    {
        if (weighting == ClassWeighting.None)
        {
            return [];
        }

        var (all, classes) = ((double)TrainCounts.Sum(), TrainCounts.Count(n => n > 0));
        return [.. TrainCounts.Select(n => n == 0 ? 0 : all / (classes * (double)n))];
    }

    private static TrainingVideo Open(TrainingInput input, List<string> notices)
    {
        if (input.Labels is null)
        {
            throw new InputFaultException(Stage, "it has no labels; name its label file in the manifest.");
        }

        var features = FrameFeatureFile.Open(input.Features);
        try
        {
            var labels = ReadLabels(input.Labels).FitTo(features.Count, input.Id);
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

    private static LabelFile ReadLabels(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return LabelFile.Read(stream, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputFaultException(Stage, $"its label file '{path}' does not exist.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException(Stage, $"The label file '{path}' cannot be read: {e.Message}", "Check its permissions and the disk, then start again.", e);
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

    private static IEnumerable<string> Unusable(string split, ImmutableArray<TrainingVideo> videos)
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

    private static IEnumerable<string> Lacking(string split, ImmutableArray<long> counts) => Enumerable.Range(0, Expressions.Count)
        .Where(k => counts[k] == 0)
        .Select(k => $"No {split} frame is labelled {Expressions.Names[k]}{(split == "training" ? ": the network cannot learn it, and balanced weights give it 0." : ": its F1 counts as 0.")}");

    private static ImmutableArray<long> Count(ImmutableArray<TrainingVideo> videos)
    {
        var counts = new long[Expressions.Count];
        foreach (var label in videos.SelectMany(v => v.Labels).Where(l => l >= 0))
        {
            counts[label]++;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(counts);
    }

    private static string Named(List<string> problems) =>
        $"{problems.Count} problem{(problems.Count == 1 ? "" : "s")}:\n  {string.Join("\n  ", problems.Take(MostNamed))}{(problems.Count > MostNamed ? $"\n  and {problems.Count - MostNamed} more" : "")}";

    private static string HashOf(params ReadOnlySpan<ImmutableArray<TrainingVideo>> splits)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var split in splits)
        {
            foreach (var video in split)
            {
                var text = Encoding.UTF8.GetBytes($"{video.Id}\0{video.Features.Info.Key}\0{video.Features.Info.ContentHash}");
                BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
                hash.AppendData(length);
                hash.AppendData(text);
                BinaryPrimitives.WriteInt32LittleEndian(length, video.Labels.Length);
                hash.AppendData(length);
                hash.AppendData(MemoryMarshal.AsBytes(video.Labels.AsSpan()));
            }

            hash.AppendData("|"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
