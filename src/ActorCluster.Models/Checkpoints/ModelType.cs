using System.Text.Json;

namespace ActorCluster.Models.Checkpoints;

/// <summary>What kind of model a folder holds.</summary>
public static class ModelType
{
    /// <summary>The <c>model_type</c> of its <c>config.json</c>; empty for a fusion network, whose configuration is our own.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointFormatException">There is no such file, or it is not JSON.</exception>
    public static string Of(string folder)
    {
        var path = Path.Combine(folder, ConfigKeys.FileName);
        return JsonFile.Parse(
            JsonFile.Read(path),
            path,
            root => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("model_type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "");
    }
}
