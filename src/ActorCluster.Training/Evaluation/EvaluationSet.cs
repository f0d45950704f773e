using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Models.Fusion;
using ActorCluster.Storage;

namespace ActorCluster.Training.Evaluation;

/// <summary>The videos that a network is evaluated on, checked: all labelled, all with features of the encoders that the network was trained with, in the order of their ids.</summary>
public sealed class EvaluationSet : IDisposable
{
    private const string Stage = "evaluation set";

    private EvaluationSet(DatasetSplit split, ImmutableArray<TrainingVideo> videos, ImmutableArray<string> notices) => (Split, Videos, Notices) = (split, videos, notices);

    /// <summary>The split that they are.</summary>
    public DatasetSplit Split { get; }

    /// <summary>The videos, at least one labelled frame among them.</summary>
    public ImmutableArray<TrainingVideo> Videos { get; }

    /// <summary>What was put right, as sentences.</summary>
    public ImmutableArray<string> Notices { get; }

    /// <summary>Opens and checks videos. Every feature is looked at once, which takes as long as reading the files.</summary>
    /// <param name="inputs">Videos; those of other splits are passed over.</param>
    /// <param name="split">The split to evaluate on.</param>
    /// <param name="network">What the network was trained for.</param>
    /// <exception cref="InputFaultException">
    /// Stage <c>evaluation set</c>: labels are missing, malformed or too many or few; features are missing, damaged, not finite, or of other encoders than the
    /// network's; nothing is labelled. All problems at once, by name.
    /// </exception>
    /// <exception cref="EnvironmentFaultException">A file cannot be read.</exception>
    public static EvaluationSet Open(IReadOnlyList<TrainingInput> inputs, DatasetSplit split, FusionConfig network)
    {
        List<string> problems = [];
        List<string> notices = [];
        ImmutableArray<TrainingVideo> videos = [.. LabelledVideos.Open(inputs.Where(i => i.Split == split), Stage, problems, notices).Select(v => v.Video)];
        problems.AddRange(videos.SelectMany(v => Foreign(v, network)));
        problems.AddRange(LabelledVideos.Unusable(split.ToString().ToLowerInvariant(), videos));
        var set = new EvaluationSet(split, videos, [.. notices]);
        if (problems.Count == 0)
        {
            return set;
        }

        set.Dispose();
        throw LabelledVideos.Fault(Stage, problems);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var video in Videos)
        {
            video.Features.Dispose();
        }
    }

    private static IEnumerable<string> Foreign(TrainingVideo video, FusionConfig network)
    {
        var info = video.Features.Info;
        return Check("visual", info.Visual, info.VisualWidth, network.VisualEncoder, network.VisualWidth)
            .Concat(Check("audio", info.Audio, info.AudioWidth, network.AudioEncoder, network.AudioWidth));

        IEnumerable<string> Check(string kind, EncoderOrigin has, int width, TrainedEncoder wants, int wantedWidth)
        {
            if (has.Hash != wants.Hash || width != wantedWidth)
            {
                yield return $"{video.Id}: its {kind} features are of {new TrainedEncoder(has.Name, has.Hash)} with {width} values; the network was trained with {wants}, {wantedWidth} values. Evaluate it on a run with that encoder.";
            }
        }
    }
}
