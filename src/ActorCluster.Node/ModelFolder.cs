using System.Text.Json;
using ActorCluster.Models.Checkpoints;

namespace ActorCluster.Node;

/// <summary>What kind of model a folder holds.</summary>
internal static class ModelFolder
{
    private const int LargestConfig = 1 << 20;

    /// <summary>The <c>model_type</c> of its <c>config.json</c>; empty for a fusion network, whose configuration is our own.</summary>
    /// <exception cref="CheckpointFormatException">There is no such file, or it is no JSON object.</exception>
    public static string TypeOf(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > LargestConfig)
            {
                throw new CheckpointFormatException(file.Exists ? $"{path} has more than {LargestConfig} bytes." : $"{path} does not exist. Give the folder of a checkpoint.");
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("model_type", out var type) && type.ValueKind == JsonValueKind.String
                ? type.GetString()!
                : "";
        }
        catch (JsonException e)
        {
            throw new CheckpointFormatException($"{path} is not JSON: {e.Message}", e);
        }
    }
}
