using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Scoring;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Reporting;

/// <summary>Scores a run against the labels that its manifest names. Labels are for the reader of the report: a bad file is a notice there, never a failure.</summary>
internal static class RunScorer
{
    private const int MostNotices = 100;

    /// <summary>Scores the completed videos that have labels.</summary>
    /// <param name="videos">Completed videos as registered.</param>
    /// <param name="predictionsOf">A video's predictions by its id; null when there are none.</param>
    /// <returns>The score; null if no video has labels.</returns>
    public static RunScore? Score(IEnumerable<FrozenManifest.Line> videos, Func<string, FramePredictions?> predictionsOf)
    {
        var (matrices, notices, labelled) = (new List<ConfusionMatrix>(), new List<string>(), false);
        foreach (var video in videos.Where(video => video.Labels is not null))
        {
            labelled = true;
            try
            {
                var predictions = predictionsOf(video.Id) ?? throw new InputFaultException("score", "there are no predictions to read.");
                using var stream = File.OpenRead(video.Labels!);
                var labels = LabelFile.Read(stream, video.Labels!).FitTo(predictions.Count, video.Id);
                matrices.Add(ConfusionMatrix.Of(labels.Labels.AsSpan(), [.. predictions.Labels.Select(label => (sbyte)label)]));
                notices.AddRange(labels.Notices.Select(notice => $"{video.Id}: {notice}"));
            }
            catch (Exception e) when (e is InputFaultException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                notices.Add($"{video.Id} is not scored: {e.Message}");
            }
        }

        ImmutableArray<string> first = [.. notices.Take(MostNotices)];
        return !labelled ? null : RunScore.Of(matrices, notices.Count > MostNotices ? first.Add($"and {notices.Count - MostNotices} more.") : first);
    }
}
