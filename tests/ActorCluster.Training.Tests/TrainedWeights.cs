using System.Security.Cryptography;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;

namespace ActorCluster.Training.Tests;

/// <summary>Trainings of the synthetic videos.</summary>
internal static class TrainedWeights
{
    public static TrainingOptions Options(string folder) => new(folder, Seed: 7, Modalities.Both, TorchDevice.Cpu, Threads: 1);

    public static TrainingOutcome Train(
        IReadOnlyList<TrainingInput> inputs, TrainingConfig config, TrainingOptions options, Action<TrainingProgress>? progress = null, CancellationToken stop = default)
    {
        using var set = TrainingSet.Open(inputs);
        using var trainer = new Trainer(set, config, options);
        return trainer.Run(progress, stop);
    }

    /// <summary>The hash of what a training made: the best network, and every weight, moment and average at the end.</summary>
    public static string HashOf(string folder)
    {
        var layout = new TrainingFolder(folder);
        using var file = Storage.SafetensorsFile.Open(layout.State);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(Path.Combine(layout.Best, FusionCheckpoint.WeightsName)));
        hash.AppendData(File.ReadAllBytes(Path.Combine(layout.Best, FusionCheckpoint.ConfigName)));
        foreach (var tensor in file.Tensors)
        {
            var bytes = new byte[tensor.ByteCount];
            file.ReadBytesInto(tensor.Name, 0, bytes);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
