namespace ActorCluster.Node;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Every video is completed; a node has left when told to.</summary>
    public const int Completed = 0;

    /// <summary>The environment failed; the message says what to do.</summary>
    public const int EnvironmentFailure = 1;

    /// <summary>What was to be checked is not in order.</summary>
    public const int CheckFailed = 1;

    /// <summary>The command line is wrong, or a file that it names.</summary>
    public const int Usage = 2;

    /// <summary>The run has finished, with quarantined videos.</summary>
    public const int Quarantined = 3;

    /// <summary>A node's device failed: start it again, perhaps elsewhere.</summary>
    public const int DeviceFailed = 4;

    /// <summary>The cluster goes on without this node, after a split or because it was frozen: start it again.</summary>
    public const int Removed = 5;

    /// <summary>Stopped by Ctrl-C or a termination signal; the same command goes on.</summary>
    public const int Interrupted = 130;
}
