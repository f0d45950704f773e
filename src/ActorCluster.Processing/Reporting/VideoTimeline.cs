using System.Collections.Immutable;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Reporting;

/// <summary>What happened to a video, in words, from what its own history tells.</summary>
internal static class VideoTimeline
{
    /// <summary>Puts it in order.</summary>
    /// <param name="first">The first piece of the video's answer, which has what concerns all of it.</param>
    /// <param name="units">Its units.</param>
    public static ImmutableArray<VideoHappening> Of(VideoReplies.VideoShown first, IEnumerable<VideoUnit> units)
    {
        var happened = new List<VideoHappening>();
        if (first.Plan is { } plan)
        {
            happened.Add(new VideoHappening(plan.At, $"planned: {plan.Frames} frames, {plan.DurationSeconds:0.0} s, {plan.Chunks} {(plan.Chunks == 1 ? "chunk" : "chunks")}{(plan.Sequential ? ", to be decoded in one go" : "")}", ""));
        }

        foreach (var unit in units)
        {
            foreach (var tried in unit.Tries)
            {
                happened.Add(new VideoHappening(tried.StartedAt, $"{unit.Name} started, attempt {tried.Attempt}", tried.Node));
                if (tried.End != AttemptEnd.Running)
                {
                    happened.Add(new VideoHappening(tried.EndedAt, $"{unit.Name} {Words(tried)}", tried.Node));
                }
            }
        }

        if (first.Outcome is { } outcome)
        {
            happened.Add(new VideoHappening(
                first.LastAt, outcome.Completed ? $"published: {string.Join(", ", outcome.Files)}" : $"quarantined: {outcome.Stage}: {outcome.Cause}", ""));
        }
        else if (first.Phase == VideoPhase.Publishing)
        {
            happened.Add(new VideoHappening(first.LastAt, "every frame is decided; the predictions are being written", ""));
        }

        return [.. happened.OrderBy(h => h.At)]; // Stable: what happened at once stays in the order above.
    }

    private static string Words(UnitAttempt tried) => tried.End switch
    {
        AttemptEnd.Encoded => $"encoded in {tried.Seconds:0.0} s",
        AttemptEnd.Died => $"lost after {tried.Seconds:0.0} s: its process died",
        _ => $"released after {tried.Seconds:0.0} s: {tried.Cause}",
    };
}
