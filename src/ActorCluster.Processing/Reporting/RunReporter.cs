using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using ActorCluster.Storage;
using Akka.Actor;
using static ActorCluster.Processing.Runs.RunEvents;

namespace ActorCluster.Processing.Reporting;

/// <summary>Writes what a run leaves behind for people: summary, quarantine list and report, from the run's journal and its published predictions.</summary>
internal sealed class RunReporter(ActorSystem system, NodeContext node)
{
    /// <summary>Writes the three files.</summary>
    /// <param name="run">The run.</param>
    /// <param name="wall">How long this sitting has taken.</param>
    /// <param name="active">How much of that there was work.</param>
    /// <param name="reading">Where the nodes' time went in that.</param>
    public async Task<RunSummary> WriteAsync(string run, TimeSpan wall, TimeSpan active, MeterReading reading)
    {
        var (state, outcomes) = await ReadAsync(run);
        var folder = node.Data.Run(run);
        var manifest = FrozenManifest.Read(folder.Manifest, expectedHash: null);
        return await OwnThread.Run(() =>
        {
            node.Data.RequirePresent();
            var summary = Summarise(state, outcomes, manifest, wall, active, reading);
            var completed = summary.Videos.Where(v => v.Status == Storage.VideoStatus.Completed).Select(v => v.Id).ToHashSet(StringComparer.Ordinal);
            summary = summary with { Score = RunScorer.Score(manifest.Where(line => completed.Contains(line.Id)), id => RunPredictions.Read(folder, id)) };
            AtomicFile.Write(folder.Summary, stream => RunSummaryJson.Write(stream, summary));
            AtomicFile.Write(folder.Quarantine, stream => QuarantineCsv.Write(stream, summary.Videos));
            AtomicFile.Write(folder.Report, stream => HtmlReport.Write(stream, summary, id => RunPredictions.Read(folder, id)));
            return summary;
        });
    }

    private async Task<(DatasetRunState State, Dictionary<int, VideoOutcome> Outcomes)> ReadAsync(string run)
    {
        var state = DatasetRunState.Empty;
        var outcomes = new Dictionary<int, VideoOutcome>();
        await RunJournal.ReadAsync(system, run, 0, (happened, _) =>
        {
            state = state.Apply(happened);
            if (happened is VideosFinished finished)
            {
                foreach (var outcome in finished.Outcomes)
                {
                    outcomes[outcome.Index] = outcome;
                }
            }
        });
        return (state, outcomes);
    }

    private static RunSummary Summarise(
        DatasetRunState state, Dictionary<int, VideoOutcome> outcomes, IReadOnlyList<FrozenManifest.Line> manifest, TimeSpan wall, TimeSpan active, MeterReading reading)
    {
        var spec = state.Spec!;
        ImmutableArray<VideoSummary> videos = [.. Enumerable.Range(0, spec.Videos).Select(i => Video(manifest[i], state.Status(i), outcomes.GetValueOrDefault(i)))];
        var completed = videos.Where(v => v.Status == Storage.VideoStatus.Completed).ToList();
        var (frames, seconds) = (completed.Sum(v => v.Frames), completed.Sum(v => v.DurationSeconds));
        return new RunSummary(
            spec.Name,
            spec.PipelineName,
            spec.PipelineHash,
            spec.EncoderHash,
            At(state.StartedAt),
            state.IsCompleted ? At(state.EndedAt) : null,
            state.IsCancelled ? RunState.Cancelled : state.IsCompleted ? RunState.Completed : state.IsPaused ? RunState.Paused : RunState.Running,
            state.IsPaused ? state.PausedReason : null,
            new RunCounts(videos.Length, completed.Count, videos.Count(v => v.Status == Storage.VideoStatus.Quarantined), videos.Count(v => v.Status == Storage.VideoStatus.Cancelled)),
            frames,
            seconds,
            new ChunkCounts(videos.Sum(v => v.Chunks.Planned), videos.Sum(v => v.Chunks.Started), videos.Sum(v => v.Chunks.Redone)),
            wall.TotalSeconds,
            active.TotalSeconds,
            SpeedMeter.Measure(reading, active.TotalSeconds, frames == 0 ? 0 : seconds / frames),
            completed.Aggregate(LabelCounts.Zero, (sum, v) => sum.Add(v.Labels)),
            videos);
    }

    private static VideoSummary Video(FrozenManifest.Line line, Runs.VideoStatus status, VideoOutcome? outcome)
    {
        var ended = status is Runs.VideoStatus.Completed or Runs.VideoStatus.Quarantined ? outcome : null;
        return new VideoSummary(
            line.Id,
            line.Uri,
            Enum.Parse<Storage.VideoStatus>(status.ToString()),
            ended?.Frames ?? 0,
            ended?.DurationSeconds ?? 0,
            ended is { Frames: > 0 } ? (double)ended.FaceFrames / ended.Frames : 0,
            ended is { LabelTotals.Length: Expressions.Count } ? Labels(ended.LabelTotals) : LabelCounts.Zero,
            [.. (ended?.Files ?? []).Select(f => "predictions/" + f)],
            ended is { ContentHash.Length: > 0 } ? ended.ContentHash : null,
            new ChunkCounts(ended?.ChunksPlanned ?? 0, ended?.ChunksStarted ?? 0, ended?.ChunksRedone ?? 0),
            ended?.WallSeconds ?? 0,
            ended is { Completed: false } ? new VideoFault(ended.Stage, ended.Cause, ended.Attempts, ended.ToolOutput) : null);
    }

    private static LabelCounts Labels(ImmutableArray<int> t) => new(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7]);

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
