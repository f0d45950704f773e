using System.Text.Json;

namespace ActorCluster.Operator;

/// <summary>An event of a feed, serialised once for all who follow it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Body">A JSON object with at least one property, UTF-8.</param>
/// <param name="IsState">Whether it tells how something stands, and the newest one is all that matters; it is then sent when it differs, with the moment of the look.</param>
internal sealed record ServerEvent(string Name, byte[] Body, bool IsState)
{
    /// <summary>Tells how something stands.</summary>
    public static ServerEvent State<T>(string name, T value) => new(name, JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options), IsState: true);

    /// <summary>Tells what has happened.</summary>
    public static ServerEvent News<T>(string name, T value) => new(name, JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options), IsState: false);

    /// <summary>Writes it as <c>text/event-stream</c> has it. JSON has no line ends, so its data is one line.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="at">The moment of the look.</param>
    public void Write(MemoryStream stream, DateTime at)
    {
        stream.Write("event: "u8);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(Name));
        stream.Write("\ndata: "u8);
        if (IsState)
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes($"{{\"at\":\"{TicksConverter.Text(at)}\","));
            stream.Write(Body.AsSpan(1));
        }
        else
        {
            stream.Write(Body);
        }

        stream.Write("\n\n"u8);
    }
}
