namespace ActorCluster.Processing.Hosting;

/// <summary>How a node's part in its cluster ended.</summary>
public enum NodeExit
{
    /// <summary>It left as it was told to.</summary>
    Left,

    /// <summary>An operator told it to leave: it should drain and stop.</summary>
    ToldToLeave,

    /// <summary>The cluster went on without it, or it was on the side that must stop: start it again.</summary>
    Removed,

    /// <summary>Its device failed: start it again, perhaps elsewhere.</summary>
    DeviceFailed,
}
