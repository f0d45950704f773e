using System.Collections.Immutable;
using System.Text;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Scoring;
using ActorCluster.Media;

namespace ActorCluster.Training.SampleData;

/// <summary>
/// Makes a sample set: short videos of drawn faces and synthesised voices with per-frame labels, speaker-disjoint splits, face crops, and what an ideal
/// observer could tell. Faces and voices share expressions between them, so that neither modality alone decides.
/// </summary>
public static class SampleSet
{
    /// <summary>Makes the set, or what is missing of it.</summary>
    /// <param name="options">The set.</param>
    /// <param name="tools">The ffmpeg to encode with.</param>
    /// <param name="made">Told the number of videos that are there, after each; from several threads.</param>
    /// <param name="ct">Stops; the same call goes on later.</param>
    /// <returns>What the set holds.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of videos or jobs is out of range.</exception>
    /// <exception cref="SampleSetException">The folder holds something else.</exception>
    /// <exception cref="EnvironmentFaultException">The folder cannot be written, or ffmpeg fails.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SampleSetSummary Generate(SampleSetOptions options, FfmpegTools tools, Action<int> made, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Videos, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Videos, SampleSetOptions.MaxVideos, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Jobs, 1, nameof(options));
        using var folder = SampleSetFolder.Open(options);
        var plans = VideoPlanner.Plan(options.Seed, options.Videos);
        var video = new SampleVideo(folder, tools, options.Seed);
        var (present, fresh) = (0, 0);
        try
        {
            Parallel.ForEach(plans, new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = ct }, plan =>
            {
                if (video.Make(plan, ct))
                {
                    Interlocked.Increment(ref fresh);
                }

                made(Interlocked.Increment(ref present));
            });
        }
        catch (AggregateException e)
        {
            // All jobs tend to meet the same fault; one of them says it.
            ct.ThrowIfCancellationRequested();
            throw e.InnerExceptions.FirstOrDefault(inner => inner is EnvironmentFaultException) ?? e;
        }

        var summary = Summarise(plans, fresh);
        folder.WriteTop("manifest.csv", Manifest(plans));
        folder.WriteTop("splits.csv", Splits(plans));
        folder.WriteTop("README.md", SampleSetReadme.Of(options.Seed, summary));
        return summary;
    }

    /// <summary>Counts what the plans say; every video is as planned.</summary>
    internal static SampleSetSummary Summarise(ImmutableArray<VideoPlan> plans, int fresh)
    {
        var counts = Enumerable.Range(0, Expressions.Count).Select(_ => new int[Enum.GetValues<DatasetSplit>().Length]).ToArray();
        var (skipped, faceless) = (0, 0);
        foreach (var plan in plans)
        {
            var labels = FrameLabels.Of(plan);
            foreach (var label in labels.Where(label => label != LabelFile.Unlabelled))
            {
                counts[label][(int)plan.Split]++;
            }

            skipped += labels.Count(label => label == LabelFile.Unlabelled);
            faceless += Enumerable.Range(0, plan.FrameCount).Count(frame => plan.AbsenceAt(frame) is not null);
        }

        return new SampleSetSummary(
            plans.Length,
            fresh,
            plans.Select(p => p.Speaker).Distinct().Count(),
            plans.Sum(p => p.FrameCount),
            faceless,
            skipped,
            [.. counts.Select(c => c.ToImmutableArray())],
            plans.Sum(p => p.Seconds),
            OracleScore(plans, OracleEvidence.Both),
            OracleScore(plans, OracleEvidence.Video),
            OracleScore(plans, OracleEvidence.Audio));
    }

    /// <summary>Macro F1 over all labelled frames of all videos.</summary>
    private static double OracleScore(ImmutableArray<VideoPlan> plans, OracleEvidence evidence) => ExpressionScore.Of(ConfusionMatrix.Sum(
        plans.Select(plan => ConfusionMatrix.Of(FrameLabels.Of(plan).AsSpan(), Oracle.Label(plan, evidence).AsSpan())))).MacroF1;

    private static string Manifest(ImmutableArray<VideoPlan> plans) => plans.Aggregate(
        new StringBuilder("id,uri,faces,labels\n"),
        (text, p) => text.Append($"{p.Id},videos/{p.Id}.mp4,crops/{p.Id},labels/{p.Id}.txt\n")).ToString();

    private static string Splits(ImmutableArray<VideoPlan> plans)
    {
        using var text = new StringWriter();
        new SplitFile(plans.Select(p => (p.Id, p.Split))).Write(text);
        return text.ToString();
    }
}
