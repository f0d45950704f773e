using System.Net;
using ActorCluster.Core.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorCluster.Operator;

/// <summary>Answers with a file: whole, a range of it, or that the asker has it already.</summary>
internal static class FileAnswer
{
    /// <summary>Sends a file that this program wrote.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The file.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="name">The name under which to save it; null to show it.</param>
    /// <param name="missing">What to say where it is not there.</param>
    public static async Task SendAsync(HttpContext context, string path, string type, string? name, string missing)
    {
        try
        {
            await SendAsync(context, Open(path), type, name);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && !context.Response.HasStarted)
        {
            throw new OperatorRoutes.RefusedException("Not found", HttpStatusCode.NotFound, missing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !context.Response.HasStarted)
        {
            throw new EnvironmentFaultException("store", $"'{path}' cannot be read: {e.Message.TrimEnd('.')}.", "Check the data folder and its permissions.", e);
        }
    }

    /// <summary>Sends an open file, and closes it.</summary>
    public static Task SendAsync(HttpContext context, FileStream file, string type, string? name)
    {
        var modified = new DateTimeOffset(File.GetLastWriteTimeUtc(file.SafeFileHandle));
        OperatorRoutes.AddHeaders(context.Response);
        context.Response.Headers.CacheControl = "private, no-cache"; // It may be kept, and is asked about each time.
        if (!context.Request.Headers.Range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            context.Request.Headers.Range = default; // Ranges of anything else do not count; the framework takes them for bytes.
        }

        var tag = new EntityTagHeaderValue($"\"{file.Length:x}-{modified.UtcTicks:x}\"");
        return TypedResults.Stream(file, type, name, modified, tag, enableRangeProcessing: true).ExecuteAsync(context);
    }

    /// <summary>Opens a file for sending, without locking it.</summary>
    public static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous, BufferSize = 0,
    });
}
