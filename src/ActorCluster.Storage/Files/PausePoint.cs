namespace ActorCluster.Storage;

/// <summary>
/// For tests that kill the process between two steps of publishing: with the environment variable <c>ACTORCLUSTER_PAUSE=step@part-of-the-name</c> the
/// process stands still for ever at that step, after making the file that <c>ACTORCLUSTER_PAUSE_MARKER</c> names. Without the variable it does nothing.
/// </summary>
public static class PausePoint
{
    private static readonly string[] Armed = (Environment.GetEnvironmentVariable("ACTORCLUSTER_PAUSE") ?? "").Split('@', 2);

    /// <summary>Passes, or stands still if this is the step that a test waits for.</summary>
    /// <param name="step">
    /// <c>intended</c>, <c>written</c> (before the file's fsync), <c>synced</c> (before the rename), <c>renamed</c> (before the folder's fsync),
    /// <c>committed</c>, <c>published</c> (stored, before the run hears of it), <c>recorded</c> (the run has stored it).
    /// </param>
    /// <param name="subject">The file or video.</param>
    public static void Reach(string step, string subject)
    {
        if (Armed.Length == 2 && Armed[0] == step && subject.Contains(Armed[1], StringComparison.Ordinal))
        {
            File.WriteAllText(Environment.GetEnvironmentVariable("ACTORCLUSTER_PAUSE_MARKER")!, subject);
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
    }
}
