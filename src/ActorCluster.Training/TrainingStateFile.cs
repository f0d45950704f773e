using System.Collections.Immutable;
using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training;

/// <summary>A training's state on disk: one safetensors file, written whole or not at all, that tells whose state it is.</summary>
internal static class TrainingStateFile
{
    private const string FormatVersion = "1";
    private const string Stage = "training";
    private const string StateKey = "state";

    /// <summary>Writes the state.</summary>
    /// <param name="path">The file; it is replaced.</param>
    /// <param name="identity">What the state depends on, by name.</param>
    /// <param name="state">Where the training is.</param>
    /// <param name="tensors">Weights, moments and average by name, float32, on any device.</param>
    /// <exception cref="EnvironmentFaultException">Stage <c>store</c>: it cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, string> identity, TrainingState state, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        List<TensorData> data = [.. tensors.Select(t => t.Value.ToData(t.Name))];
        var metadata = new Dictionary<string, string>(identity) { ["format_version"] = FormatVersion, [StateKey] = JsonSerializer.Serialize(state) };
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, data, metadata));
    }

    /// <summary>Reads the state into tensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">What this training depends on, by name.</param>
    /// <param name="tensors">The tensors that receive the values.</param>
    /// <exception cref="EnvironmentFaultException">It is damaged or another training's; the message names the differences.</exception>
    public static TrainingState Read(string path, IReadOnlyDictionary<string, string> identity, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            RequireSame(path, file.Metadata, identity);
            using var scope = NewDisposeScope();
            using var off = no_grad();
            foreach (var (name, value) in tensors)
            {
                var stored = file.Find(name);
                if (stored.Type != TensorType.F32 || !stored.Shape.AsSpan().SequenceEqual(value.shape))
                {
                    throw new SafetensorsFormatException($"Tensor '{name}' is {stored.Type} [{string.Join(", ", stored.Shape)}]; F32 [{string.Join(", ", value.shape)}] belongs there.");
                }

                value.copy_(tensor(file.Read<float>(name), value.shape));
            }

            return JsonSerializer.Deserialize<TrainingState>(file.Metadata[StateKey]) is { Epochs.IsDefault: false, Epoch: >= 0, Step: >= 0 } state
                ? state
                : throw new SafetensorsFormatException("Its state is null.");
        }
        catch (Exception e) when (e is SafetensorsFormatException or JsonException or KeyNotFoundException)
        {
            throw new EnvironmentFaultException(Stage, $"The state in '{path}' is damaged: {e.Message}", "Choose another --out, or remove that folder to start over.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException(Stage, $"The state in '{path}' cannot be read: {e.Message}", "Check the disk and the permissions, then start again.", e);
        }
    }

    private static void RequireSame(string path, ImmutableSortedDictionary<string, string> stored, IReadOnlyDictionary<string, string> identity)
    {
        if (stored.GetValueOrDefault("format_version") is var version && version != FormatVersion)
        {
            throw new SafetensorsFormatException($"Its format is {version ?? "(nothing)"}; this version goes on from {FormatVersion}.");
        }

        List<string> differences = [.. identity.Where(i => stored.GetValueOrDefault(i.Key) != i.Value)
            .Select(i => $"{i.Key} was {Short(stored.GetValueOrDefault(i.Key))} and is {Short(i.Value)}")];
        if (differences.Count > 0)
        {
            throw new EnvironmentFaultException(
                Stage,
                $"The training in '{path}' is another one: {string.Join("; ", differences)}.",
                "Start it as it was started, or choose another --out.");
        }
    }

    private static string Short(string? value) => value is null ? "(nothing)" : value.Length == 64 ? value[..12] : value;
}
