using System.Collections.Concurrent;

namespace ActorCluster.Storage;

/// <summary>
/// Temporaries that could not be removed when they should have been, because their folder was away: it may come back with them. They are tried again when
/// something is published, which shows that a store is there.
/// </summary>
internal static class Leftovers
{
    private static readonly ConcurrentQueue<string> Paths = new();

    /// <summary>Removes a temporary, now or later.</summary>
    public static void Delete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            Paths.Enqueue(temporary); // The failure that led here is the one to report.
        }
    }

    /// <summary>Tries those again that are still there.</summary>
    public static void DeleteAgain()
    {
        for (var left = Paths.Count; left > 0 && Paths.TryDequeue(out var temporary); left--)
        {
            Delete(temporary);
        }
    }
}
