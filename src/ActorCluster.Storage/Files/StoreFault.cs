using ActorCluster.Core.Faults;

namespace ActorCluster.Storage;

/// <summary>Turns what the file system reports into the environment's fault, with what to do about it.</summary>
internal static class StoreFault
{
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int TooManyOpenFiles = 24;
    private const int NameTooLong = 36;
    private const int WouldBlock = 11;
    private const int QuotaExceeded = 122;

    /// <summary>Whether the exception is the file system's, not a programming error.</summary>
    public static bool IsStorage(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Whether a file could not be opened because another process has it to itself.</summary>
    public static bool IsHeld(IOException e) => e.HResult == WouldBlock;

    /// <summary>The fault for an exception met while working on a path.</summary>
    /// <param name="e">An exception for which <see cref="IsStorage"/> holds.</param>
    /// <param name="action">What was tried, such as <c>write</c>.</param>
    /// <param name="path">The path it was tried on.</param>
    public static EnvironmentFaultException From(Exception e, string action, string path)
    {
        var cause = $"Cannot {action} '{path}': {e.Message}";
        return new EnvironmentFaultException("store", cause.EndsWith('.') ? cause : cause + ".", Remedy(e), e);
    }

    private static string Remedy(Exception e) => e switch
    {
        UnauthorizedAccessException => "Give this user the right to read and write there, or choose another --data.",
        PathTooLongException => "Choose a --data with a shorter path.",
        FileNotFoundException or DirectoryNotFoundException => "Check that the disk is mounted and the folder was not removed, then start again; or choose another --data.",
        _ => e.HResult switch
        {
            NoSpace or QuotaExceeded => "Free space on that disk (`actorcluster features prune --budget` removes old features) or choose another --data.",
            ReadOnlyFileSystem => "Mount the disk for writing or choose another --data.",
            TooManyOpenFiles => "Raise the limit of open files (ulimit -n).",
            NameTooLong => "Choose a --data with a shorter path.",
            _ => "Check the path, the disk and its messages in the system log, then start again; or choose another --data.",
        },
    };
}
