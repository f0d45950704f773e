namespace ActorCluster.Processing.Runs;

/// <summary>What a list of videos is ordered by; videos that are equal in it stand in the manifest's order.</summary>
public enum VideoSort
{
    /// <summary>The line in the manifest.</summary>
    Index,

    /// <summary>The id, character by character.</summary>
    Id,

    /// <summary>The state, in the order in which a video goes through them.</summary>
    State,

    /// <summary>The number of frames.</summary>
    Frames,

    /// <summary>The duration.</summary>
    Seconds,

    /// <summary>How long it took, or has taken.</summary>
    WallSeconds,

    /// <summary>The largest number of attempts at one of its chunks.</summary>
    Attempts,
}
