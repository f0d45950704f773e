namespace ActorCluster.Media;

/// <summary>What lies at a path.</summary>
internal enum PathKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>A character or block device.</summary>
    Device,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A folder on the way may not be searched.</summary>
    Denied,

    /// <summary>Anything else.</summary>
    Other,
}
