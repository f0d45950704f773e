using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator;

/// <summary>Sends to clients that may read nothing.</summary>
internal static class SlowReader
{
    /// <summary>Sends what is written so far, and lets go of a client that takes nothing of it for too long.</summary>
    /// <exception cref="OperationCanceledException">It has gone.</exception>
    public static Task FlushAsync(HttpContext context) => SendAsync(context, () => context.Response.BodyWriter.FlushAsync(context.RequestAborted));

    /// <summary>Sends some bytes.</summary>
    /// <exception cref="OperationCanceledException">It has gone.</exception>
    public static Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes) => SendAsync(context, () => context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted));

    private static async Task SendAsync(HttpContext context, Func<ValueTask<System.IO.Pipelines.FlushResult>> send)
    {
        try
        {
            await send().AsTask().WaitAsync(OperatorLimits.ReadsWithin, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            context.Abort(); // Of what the server itself allows, every byte that the network has taken gives more time, read or not.
            throw new OperationCanceledException("The client reads nothing.", context.RequestAborted);
        }
    }
}
