using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorCluster.Storage;

/// <summary>Which stored features belong to a run, so that they can be found without its models: <c>features.json</c> in its folder.</summary>
/// <param name="Visual">The visual encoder.</param>
/// <param name="VisualWidth">The length D of its feature vectors.</param>
/// <param name="LogitWidth">The number L of logits of its own head, 0 without one.</param>
/// <param name="Audio">The audio encoder; null without one.</param>
/// <param name="AudioWidth">The length D of its feature vectors, 0 without one.</param>
public sealed partial record RunFeatures(EncoderOrigin Visual, int VisualWidth, int LogitWidth, EncoderOrigin? Audio, int AudioWidth)
{
    /// <summary>Writes the file.</summary>
    /// <param name="path">The file; it is replaced.</param>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: it cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, Json.Default.RunFeatures));

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FeatureFileException">It is missing or damaged.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: it cannot be read.</exception>
    public static RunFeatures Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, Json.Default.RunFeatures) is { Visual: not null, VisualWidth: > 0, LogitWidth: >= 0, AudioWidth: >= 0 } features
                ? features
                : throw new FeatureFileException(path, "It lacks the visual encoder or a width.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FeatureFileException(path, "It does not exist; start the run once more, which writes it and does nothing else that is done.", e);
        }
        catch (JsonException e)
        {
            throw new FeatureFileException(path, e.Message, e);
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "read", path);
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
    [JsonSerializable(typeof(RunFeatures))]
    private sealed partial class Json : JsonSerializerContext;
}
