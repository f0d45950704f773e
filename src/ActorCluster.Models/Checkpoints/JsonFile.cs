using System.Text.Json;

namespace ActorCluster.Models.Checkpoints;

/// <summary>The small JSON files of a model's folder, such as <c>config.json</c>.</summary>
internal static class JsonFile
{
    /// <summary>The most bytes that a file of settings may have: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Reads a file as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes that it may have.</param>
    /// <exception cref="CheckpointFormatException">It is missing or larger.</exception>
    public static byte[] Read(string path, int maxBytes = MaxBytes)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new CheckpointFormatException($"{path} does not exist. A model's folder holds it beside the weights; download it with them.");
        }

        return file.Length <= maxBytes
            ? File.ReadAllBytes(path)
            : throw new CheckpointFormatException($"{path} has more than {maxBytes} bytes, too many for such a file. Download it again.");
    }

    /// <summary>Parses JSON and takes what is wanted of it.</summary>
    /// <param name="json">The text in UTF-8.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="read">Takes it; the element lives during the call only.</param>
    /// <exception cref="CheckpointFormatException">It is not JSON.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> json, string source, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Text that is not valid Unicode is met on reading a name or a word, as InvalidOperationException.
            throw new CheckpointFormatException($"{source} is not valid JSON: {e.Message} Download it again.", e);
        }
    }
}
