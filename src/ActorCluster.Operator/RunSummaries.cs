using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;

namespace ActorCluster.Operator;

/// <summary>The summaries that runs leave behind.</summary>
internal static class RunSummaries
{
    /// <summary>Reads one.</summary>
    /// <exception cref="EnvironmentFaultException">It cannot be read.</exception>
    public static async Task<RunSummary> ReadAsync(DataDirectory data, string run)
    {
        try
        {
            await using var file = File.OpenRead(data.Run(run).Summary);
            return RunSummaryJson.Read(file);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException("store", $"The summary of run '{run}' cannot be read: {e.Message}", "Check the data folder.", e);
        }
    }
}
