using System.Buffers;
using System.Net;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ActorCluster.Operator.Predicting;

/// <summary>Takes in an uploaded video, byte by byte into its file and never more than is allowed.</summary>
/// <param name="data">The data folder.</param>
/// <param name="largest">The most bytes of a video.</param>
internal sealed class UploadReceiver(DataDirectory data, long largest)
{
    /// <summary>What a video is called whose name nobody gave.</summary>
    public const string Unnamed = "upload";

    private const int BufferBytes = 128 * 1024;
    private const int LargestFrame = 64 * 1024; // What a form may have around its file.
    private const int LongestName = 200;

    /// <summary>Refuses what says beforehand that it is too large.</summary>
    /// <exception cref="OperatorRoutes.RefusedException">It is.</exception>
    public void RequireRoom(HttpRequest request, bool isForm)
    {
        if (request.ContentLength > largest + (isForm ? LargestFrame : 0))
        {
            throw TooLarge(); // What says nothing of its length is counted as it comes.
        }
    }

    /// <summary>Takes a request's video in.</summary>
    /// <param name="request">The request.</param>
    /// <param name="boundary">What the parts of a form are divided by; null for a body that is the video.</param>
    /// <param name="run">The run that will process it.</param>
    /// <param name="cancellation">The client has gone, or has taken too long.</param>
    /// <returns>The file, and what the client calls it.</returns>
    /// <exception cref="OperatorRoutes.RefusedException">The upload is too large, empty, or not what it says.</exception>
    /// <exception cref="EnvironmentFaultException">The file cannot be written.</exception>
    public async Task<(string Path, string Name)> ReceiveAsync(HttpRequest request, string? boundary, string run, CancellationToken cancellation)
    {
        await using var file = UploadedFile.Create(data, run);
        var name = Unnamed;
        if (boundary is null)
        {
            await CopyAsync(request.Body, file, cancellation);
        }
        else
        {
            name = await TakeFormAsync(new MultipartReader(boundary, request.Body), file, cancellation);
        }

        return file.Length > 0 ? (file.Path, name) : throw Wrong("The video is empty.");
    }

    private async Task<string> TakeFormAsync(MultipartReader form, UploadedFile file, CancellationToken cancellation)
    {
        var part = await NextAsync(form, cancellation);
        if (part is null || !ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) || !disposition.IsFileDisposition())
        {
            throw Wrong("The form must have one part, a file: the pipeline and the format are given in the query.");
        }

        await CopyAsync(part.Body, file, cancellation);
        if (await NextAsync(form, cancellation) is not null)
        {
            throw Wrong("The form has more than one part; send one video, and pipeline and format in the query.");
        }

        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
        return name.Length == 0 ? Unnamed : name.Length <= LongestName ? name.ToString() : name.Subsegment(0, LongestName).ToString();
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader form, CancellationToken cancellation)
    {
        try
        {
            return await form.ReadNextSectionAsync(cancellation);
        }
        catch (Exception e) when (IsUnfinished(e))
        {
            throw Wrong($"The form cannot be read: {e.Message}");
        }
    }

    private async Task CopyAsync(Stream body, UploadedFile file, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await ReadAsync(body, buffer, cancellation) is > 0 and var read)
            {
                if (file.Length + read > largest)
                {
                    throw TooLarge();
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation);
        }
        catch (Exception e) when (IsUnfinished(e))
        {
            throw Wrong($"The upload ended before its end: {e.Message}");
        }
    }

    /// <summary>What the client's bytes are to blame for. Kestrel's own refusals, too slow for one, have a status of their own.</summary>
    private static bool IsUnfinished(Exception e) => e is IOException and not BadHttpRequestException or InvalidDataException;

    private OperatorRoutes.RefusedException TooLarge() => new(
        "Too large", HttpStatusCode.RequestEntityTooLarge, $"The video has more than {largest} bytes, the most that this node takes (predict.upload_bytes). Put it where the nodes see it and submit a run: POST /v1/runs.");

    private static OperatorRoutes.RefusedException Wrong(string detail) => new("Wrong upload", HttpStatusCode.BadRequest, detail);
}
