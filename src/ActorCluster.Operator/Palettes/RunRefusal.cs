using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Palettes;

/// <summary>What a cluster refuses, as commands refuse it.</summary>
internal static class RunRefusal
{
    /// <summary>Asks for something that may be refused.</summary>
    /// <exception cref="CommandRefusedException">It is refused.</exception>
    public static async Task<T> PassOnAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RunRequestException e)
        {
            throw new CommandRefusedException(e.Message, e.Nearest);
        }
    }
}
