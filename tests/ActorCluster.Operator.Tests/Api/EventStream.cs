using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ActorCluster.Operator.Tests.Api;

/// <summary>Follows a stream of events as a browser does.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, Stream stream) => (_response, _reader) = (response, new StreamReader(stream));

    public HttpResponseMessage Response => _response;

    public static async Task<EventStream> OpenAsync(HttpClient http, Uri address)
    {
        var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventStream(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null at the end of the stream. Comments have no name.</summary>
    public async Task<(string Name, JsonNode? Data)?> NextAsync()
    {
        var (name, data, isComment) = ("", "", false);
        while (await _reader.ReadLineAsync().WaitAsync(Deadline.After) is { } line)
        {
            if (line.Length == 0 && (name.Length > 0 || isComment))
            {
                return (name, data.Length > 0 ? JsonNode.Parse(data) : null);
            }

            isComment |= line.StartsWith(':');
            name = line.StartsWith("event: ", StringComparison.Ordinal) ? line["event: ".Length..] : name;
            data = line.StartsWith("data: ", StringComparison.Ordinal) ? line["data: ".Length..] : data;
        }

        return null;
    }

    /// <summary>The next event of a name.</summary>
    public async Task<JsonNode> NextAsync(string name)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Deadline.After && await NextAsync() is { } next)
        {
            if (next.Name == name)
            {
                return next.Data!;
            }
        }

        throw new EndOfStreamException($"No {name} came.");
    }

    /// <summary>Reads until the server ends the stream.</summary>
    public async Task ToEndAsync()
    {
        while (await NextAsync() is not null)
        {
            // On to the end.
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
