using System.Globalization;

namespace ActorCluster.Storage;

/// <summary>
/// For tests that kill the process between two steps of publishing: with the environment variable <c>ACTORCLUSTER_PAUSE=step@part-of-the-name</c> the
/// process stands still for ever at that step, after making the file that <c>ACTORCLUSTER_PAUSE_MARKER</c> names; or, if <c>ACTORCLUSTER_PAUSE_SECONDS</c> is
/// set, for so long each time, like a slow disk. Without the variable it does nothing.
/// </summary>
public static class PausePoint
{
    private static readonly string? Seconds = Environment.GetEnvironmentVariable("ACTORCLUSTER_PAUSE_SECONDS");
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
            using var never = new ManualResetEventSlim();
            if (Seconds is not null)
            {
                never.Wait(TimeSpan.FromSeconds(double.Parse(Seconds, CultureInfo.InvariantCulture)));
                return;
            }

            File.WriteAllText(Environment.GetEnvironmentVariable("ACTORCLUSTER_PAUSE_MARKER")!, subject);
            never.Wait();
        }
    }
}
