using System.Text.Json;

namespace ActorCluster.Models.Checkpoints;

/// <summary>Reads <c>model.safetensors.index.json</c>, which says in which file beside it each tensor of a sharded checkpoint lies.</summary>
internal static class SafetensorsIndex
{
    private const int MaxBytes = 16 << 20;
    private const int MaxFiles = 1000;

    /// <summary>Reads an index.</summary>
    /// <returns>The file's name, without folder, of each tensor.</returns>
    /// <exception cref="CheckpointFormatException">It is malformed, or names a file that is not a plain name.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        GitLfsPointer.Refuse(path);
        return JsonFile.Parse(JsonFile.Read(path, MaxBytes), $"'{path}'", root => Parse(path, root));
    }

    private static Dictionary<string, string> Parse(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("weight_map", out var map)
            || map.ValueKind != JsonValueKind.Object)
        {
            throw new CheckpointFormatException($"'{path}' has no object 'weight_map'; it is not the index of a safetensors checkpoint.");
        }

        var fileOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            var file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : null;
            if (file is null || !IsPlainName(file))
            {
                throw new CheckpointFormatException(
                    $"'{path}' puts the tensor '{entry.Name}' into {entry.Value.GetRawText()}; only names of .safetensors files beside the index are read.");
            }

            if (!fileOf.TryAdd(entry.Name, file))
            {
                throw new CheckpointFormatException($"'{path}' names the tensor '{entry.Name}' twice. Download it again.");
            }
        }

        var files = fileOf.Values.Distinct(StringComparer.Ordinal).Count();
        return files <= MaxFiles
            ? fileOf
            : throw new CheckpointFormatException($"'{path}' names {files} files; at most {MaxFiles} are read.");
    }

    // Both separators are refused everywhere: an index must mean the same on every system.
    private static bool IsPlainName(string file) =>
        file.EndsWith(".safetensors", StringComparison.Ordinal) && file.AsSpan().IndexOfAny("/\\:\0") < 0;
}
