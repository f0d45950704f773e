using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Palettes;

/// <summary>What a cluster refuses, as commands refuse it.</summary>
internal static class RunRefusal
{
    /// <summary>Waits for something that may be refused.</summary>
    /// <exception cref="CommandRefusedException">It is refused.</exception>
    public static async Task<T> PassOnAsync<T>(Task<T> asked)
    {
        await PassOnAsync((Task)asked);
        return await asked;
    }

    /// <inheritdoc cref="PassOnAsync{T}"/>
    public static async Task PassOnAsync(Task asked)
    {
        try
        {
            await asked;
        }
        catch (RunRequestException e)
        {
            throw new CommandRefusedException(e.Message, e.Nearest);
        }
    }
}
