namespace ActorCluster.Node;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Every video is completed.</summary>
    public const int Completed = 0;

    /// <summary>The environment failed; the message says what to do.</summary>
    public const int EnvironmentFailure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The run has finished, with quarantined videos.</summary>
    public const int Quarantined = 3;

    /// <summary>Stopped by Ctrl-C or a termination signal; the same command goes on.</summary>
    public const int Interrupted = 130;
}
