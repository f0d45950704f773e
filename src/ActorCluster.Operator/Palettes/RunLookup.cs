using ActorCluster.Core.Formats;
using ActorCluster.Processing.Hosting;

namespace ActorCluster.Operator.Palettes;

/// <summary>What to say of a run that a command names and that is not there.</summary>
internal static class RunLookup
{
    private const int ListedNames = 3;

    /// <summary>There is no such run; names the nearest.</summary>
    /// <exception cref="Core.Faults.EnvironmentFaultException">The catalogue does not answer.</exception>
    public static async Task<CommandRefusedException> NoSuchRunAsync(this IRunService runs, string run)
    {
        var nearest = NearestNames.Find(run, (await runs.RunsAsync()).Select(r => r.Name), ListedNames);
        return new CommandRefusedException($"There is no run '{run}'.{(nearest.IsEmpty ? " 'run list' shows those that there are." : $" The nearest: {string.Join(", ", nearest)}.")}", nearest);
    }
}
