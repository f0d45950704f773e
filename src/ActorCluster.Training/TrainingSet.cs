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

    private TrainingSet(ImmutableArray<TrainingVideo> train, ImmutableArray<TrainingVideo> validation, ImmutableArray<string> notices)
    {
        (Train, Validation) = (train, validation);
        TrainCounts = LabelledVideos.Count(train);
        Hash = HashOf(train, validation);
        Notices = [.. notices, .. Lacking("training", TrainCounts), .. Lacking("validation", LabelledVideos.Count(validation))];
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
        var videos = LabelledVideos.Open(inputs.Where(i => i.Split != DatasetSplit.Test), Stage, problems, notices);
        var (train, validation) = (Of(DatasetSplit.Train), Of(DatasetSplit.Validation));
        problems.AddRange(LabelledVideos.Unusable("train", train));
        problems.AddRange(LabelledVideos.Unusable("validation", validation));
        if (problems.Count == 0)
        {
            return new TrainingSet(train, validation, [.. notices]);
        }

        videos.ForEach(v => v.Video.Features.Dispose());
        throw LabelledVideos.Fault(Stage, problems);

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

    private static IEnumerable<string> Lacking(string split, ImmutableArray<long> counts) => Enumerable.Range(0, Expressions.Count)
        .Where(k => counts[k] == 0)
        .Select(k => $"No {split} frame is labelled {Expressions.Names[k]}{(split == "training" ? ": the network cannot learn it, and balanced weights give it 0." : ": its F1 counts as 0.")}");

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
