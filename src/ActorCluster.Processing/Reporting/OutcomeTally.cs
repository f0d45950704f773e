using ActorCluster.Core;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Reporting;

/// <summary>Sums up how videos ended; what is taken back must have been added.</summary>
internal sealed class OutcomeTally
{
    private readonly long[] _labels = new long[Expressions.Count];
    private readonly Dictionary<(string Stage, string Cause), int> _causes = [];
    private long _frames;
    private long _faceFrames;
    private double _seconds;

    /// <summary>What it comes to.</summary>
    public RunTotals Totals => new(
        [.. _labels],
        _frames,
        _faceFrames,
        _seconds,
        [
            .. _causes.OrderByDescending(c => c.Value).ThenBy(c => c.Key.Cause, StringComparer.Ordinal).ThenBy(c => c.Key.Stage, StringComparer.Ordinal)
                .Take(RunTotals.MostCauses).Select(c => new CauseCount(c.Key.Stage, c.Key.Cause, c.Value)),
        ]);

    /// <summary>Adds how a video ended.</summary>
    public void Add(VideoOutcome outcome) => Count(outcome, 1);

    /// <summary>Takes it back.</summary>
    public void Remove(VideoOutcome outcome) => Count(outcome, -1);

    private void Count(VideoOutcome outcome, int sign)
    {
        if (!outcome.Completed)
        {
            var cause = (outcome.Stage, outcome.Cause);
            _causes[cause] = _causes.GetValueOrDefault(cause) + sign;
            if (_causes[cause] == 0)
            {
                _causes.Remove(cause);
            }

            return;
        }

        for (var c = 0; c < Math.Min(_labels.Length, outcome.LabelTotals.Length); c++)
        {
            _labels[c] += sign * outcome.LabelTotals[c];
        }

        (_frames, _faceFrames) = (_frames + (sign * outcome.Frames), _faceFrames + (sign * outcome.FaceFrames));
        _seconds = _frames == 0 ? 0 : _seconds + (sign * outcome.DurationSeconds);
    }
}
