using System.Security.Cryptography;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>
/// A fusion network on disk: a folder with <c>config.json</c> (<see cref="FusionConfig"/>) and <c>model.safetensors</c>, whose metadata
/// <c>config_sha256</c> ties the two together, so that a save that was cut short between them is noticed.
/// </summary>
public static class FusionCheckpoint
{
    /// <summary>The configuration's file.</summary>
    public const string ConfigName = "config.json";

    /// <summary>The parameters' file, float32.</summary>
    public const string WeightsName = "model.safetensors";

    /// <summary>The stage that failures name.</summary>
    internal const string Stage = "fusion";

    private const string ConfigHash = "config_sha256";

    /// <summary>Writes a network. The same network gives the same bytes.</summary>
    /// <param name="folder">The folder; it is made if missing, and its two files are replaced.</param>
    /// <param name="network">The network, on any device.</param>
    /// <exception cref="EnvironmentFaultException">The files cannot be written.</exception>
    public static void Save(string folder, FusionNetwork network)
    {
        var config = network.Config.ToJson();
        var metadata = new Dictionary<string, string> { [ConfigHash] = Hash(config) };
        using var scope = NewDisposeScope();
        using var off = no_grad();
        List<TensorData> tensors = [.. network.named_parameters().Select(p => p.parameter.ToData(p.name))];
        using var weights = AtomicFile.Prepare(Path.Combine(folder, WeightsName), stream => SafetensorsWriter.Write(stream, tensors, metadata));
        using var json = AtomicFile.Prepare(Path.Combine(folder, ConfigName), stream => stream.Write(config));
        weights.Commit();
        json.Commit();
    }

    /// <summary>Reads a network for features of given encoders.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="visual">The encoder of the visual features at hand.</param>
    /// <param name="audio">The encoder of the audio features at hand.</param>
    /// <exception cref="EnvironmentFaultException">The network was trained with another encoder; the message names both.</exception>
    /// <exception cref="CheckpointFormatException">A file is missing or malformed, or tensors are missing, unexpected, of another shape or type, or not finite; the message names them.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static FusionNetwork Open(string folder, TrainedEncoder visual, TrainedEncoder audio)
    {
        var config = ReadConfig(folder);
        config.RequireEncoders(visual, audio);
        TorchRuntime.Load();
        return Read(folder, config);
    }

    /// <summary>Reads a network, whatever encoders it was trained with.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointFormatException">As for the other overload.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static FusionNetwork Open(string folder)
    {
        var config = ReadConfig(folder);
        TorchRuntime.Load();
        return Read(folder, config);
    }

    /// <summary>Reads the configuration alone.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointFormatException">The file is missing or malformed; the message names what is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FusionConfig ReadConfig(string folder)
    {
        var path = Existing(folder, ConfigName);
        try
        {
            return FusionConfig.Parse(JsonFile.Read(path));
        }
        catch (FormatException e)
        {
            throw new CheckpointFormatException($"{path}: {e.Message} Give the folder of a fusion checkpoint that this version wrote.", e);
        }
    }

    private static FusionNetwork Read(string folder, FusionConfig config)
    {
        var path = Existing(folder, WeightsName);
        using var checkpoint = Checkpoint.Open(path);
        RequireOneSave(path, config);
        RequireRoom(path, checkpoint, config);
        var network = new FusionNetwork(config, CPU);
        try
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var parameters = network.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter, StringComparer.Ordinal);
            var saved = new CheckpointParameters(checkpoint, parameters.Select(p => (p.Key, p.Value.shape)), name => name, "fusion");
            foreach (var (name, parameter) in parameters)
            {
                saved.ReadInto(name, parameter);
            }

            var bad = parameters.Where(p => !p.Value.isfinite().all().item<bool>()).Select(p => p.Key).ToList();
            return bad.Count == 0
                ? network
                : throw new CheckpointFormatException(
                    $"{path}: {string.Join(", ", bad)} hold values that are not finite. The training that wrote them diverged; take an earlier checkpoint.");
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static void RequireOneSave(string path, FusionConfig config)
    {
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(ConfigHash, out var saved) || saved != Hash(config.ToJson()))
        {
            throw new CheckpointFormatException($"{path}: it was not saved together with the {ConfigName} beside it. Save or copy both files together.");
        }
    }

    // A configuration alone can ask for any amount of memory, so the network is first made on the device that knows shapes only.
    private static void RequireRoom(string path, Checkpoint checkpoint, FusionConfig config)
    {
        using var scope = NewDisposeScope();
        using var shapes = new FusionNetwork(config, new Device(DeviceType.META));
        var needed = shapes.parameters().Sum(parameter => parameter.numel());
        var held = checkpoint.Tensors.Values.Sum(tensor => tensor.ElementCount);
        if (needed / 2 > held)
        {
            throw new CheckpointFormatException($"{path}: {ConfigName} describes {needed} parameters, but the file holds {held}. Save or copy both files together.");
        }
    }

    private static string Hash(byte[] json) => Convert.ToHexStringLower(SHA256.HashData(json));

    private static string Existing(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path)
            ? path
            : throw new CheckpointFormatException($"'{path}' does not exist. Give the folder of a fusion checkpoint, with {ConfigName} and {WeightsName}.");
    }
}
