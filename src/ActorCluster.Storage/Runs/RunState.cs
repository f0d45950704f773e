namespace ActorCluster.Storage;

/// <summary>How a run stands.</summary>
public enum RunState
{
    /// <summary>Every video is completed, quarantined or cancelled.</summary>
    Completed,

    /// <summary>An operator ended it.</summary>
    Cancelled,

    /// <summary>It waits: an operator paused it, or nothing but environment failures were left.</summary>
    Paused,

    /// <summary>It was still at work when the summary was made.</summary>
    Running,
}
