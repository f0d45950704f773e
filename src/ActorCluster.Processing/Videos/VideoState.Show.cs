using System.Collections.Immutable;

namespace ActorCluster.Processing.Videos;

/// <summary>What operators see of a video.</summary>
internal sealed partial record VideoState
{
    private const int UnitsTold = 100;
    private const int AttemptsTold = 60;
    private const int AttemptsOfOneUnit = 20;

    /// <summary>What has happened to the video, in pieces that fit into a message.</summary>
    /// <param name="firstUnit">The unit to begin with; the answer to 0 has what is known of the whole video, too.</param>
    public VideoReplies.VideoShown Show(int firstUnit)
    {
        var (units, tried) = (WorkUnits, Attempts.ToLookup(a => a.Unit));
        var told = ImmutableArray.CreateBuilder<VideoUnit>();
        var room = firstUnit == 0 ? AttemptsTold / 3 : AttemptsTold; // A quarantined video's tool may have said a lot.
        var next = Math.Max(0, firstUnit);
        for (; next < units.Count && told.Count < UnitsTold && room > 0; next++)
        {
            ImmutableArray<UnitAttempt> attempts = [.. tried[next].TakeLast(AttemptsOfOneUnit)];
            told.Add(new VideoUnit(next, units[next].ToString(), Words(units[next]), Unit(next).Attempts, attempts));
            room -= attempts.Length;
        }

        var (plan, outcome) = firstUnit == 0 ? (Plan, Outcome) : (null, null);
        return new VideoReplies.VideoShown(Phase, plan, FirstAt, LastAt, outcome, told.ToImmutable(), next < units.Count ? next : VideoReplies.VideoShown.End);
    }

    private string Words(WorkUnit unit)
    {
        var known = Unit(unit.Index);
        return IsDone(unit) ? (known.Attempts == 0 ? "reused" : "encoded")
            : HasEnded ? "given up"
            : known.InFlight ? (known.Alone ? "working alone" : "working")
            : known.Suspect ? "suspect" : "waiting";
    }
}
