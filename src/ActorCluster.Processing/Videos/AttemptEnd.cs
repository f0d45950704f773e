namespace ActorCluster.Processing.Videos;

/// <summary>How an attempt at a unit of work ended.</summary>
public enum AttemptEnd
{
    /// <summary>It has not.</summary>
    Running = 0,

    /// <summary>All its results are stored.</summary>
    Encoded = 1,

    /// <summary>It was handed back, failed or taken back.</summary>
    Released = 2,

    /// <summary>Its process died.</summary>
    Died = 3,
}
