using System.Collections.Immutable;
using ActorCluster.Processing.Runs;
using static ActorCluster.Processing.Runs.RunEvents;

namespace ActorCluster.Processing.Reporting;

/// <summary>The newest of what has happened to a run, counted from its beginning, so that a journal that is read again gives the same numbers.</summary>
internal sealed class HappeningLog
{
    private const int NoVideo = -1;
    private readonly Queue<(long At, string What, int Video)> _newest = new(RunHappenings.Most);
    private long _count;

    /// <summary>Takes an event of the run.</summary>
    public void Take(object happened)
    {
        switch (happened)
        {
            case VideosFinished e:
                foreach (var outcome in e.Outcomes)
                {
                    Add(e.At, outcome.Completed ? "completed" : $"quarantined: {outcome.Stage}: {outcome.Cause}", outcome.Index);
                }

                break;
            case RunStarted e:
                Add(e.At, "started");
                break;
            case RunExtended e:
                Add(e.At, $"extended to {Videos(e.Spec.Videos)}, {e.Changed.Length} to be done again");
                break;
            case RunPaused e:
                Add(e.At, e.ByOperator ? e.Reason : $"paused: {e.Reason}");
                break;
            case RunResumed e:
                Add(e.At, "resumed");
                break;
            case RunCancelled e:
                Add(e.At, "cancelled");
                break;
            case VideosRetried e:
                Add(e.At, $"{Videos(e.Videos.Length)} to be tried again");
                break;
            case RunCompleted e:
                Add(e.At, "ended");
                break;
        }
    }

    /// <summary>What is new.</summary>
    /// <param name="after">How much the asker knows of; null where only what comes from now on is wanted, or it knows of more than there is.</param>
    /// <param name="manifest">The videos as registered.</param>
    public RunHappenings Since(long? after, IReadOnlyList<FrozenManifest.Line> manifest)
    {
        if (after is not { } known || known > _count)
        {
            return new RunHappenings(_count, 0, []);
        }

        var wanted = (int)Math.Min(_count - known, _newest.Count);
        ImmutableArray<RunHappening> told =
        [
            .. _newest.Skip(_newest.Count - wanted).Select(h => new RunHappening(h.At, h.What, h.Video >= 0 && h.Video < manifest.Count ? manifest[h.Video].Id : "")),
        ];
        return new RunHappenings(_count, _count - known - wanted, told);
    }

    private static string Videos(int count) => count == 1 ? "1 video" : $"{count} videos";

    private void Add(long at, string what, int video = NoVideo)
    {
        _count++;
        if (_newest.Count == RunHappenings.Most)
        {
            _newest.Dequeue();
        }

        _newest.Enqueue((at, what, video));
    }
}
