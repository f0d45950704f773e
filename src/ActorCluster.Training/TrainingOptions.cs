using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;

namespace ActorCluster.Training;

/// <summary>Where and how a training runs.</summary>
/// <param name="Folder">The folder that receives everything; a training that stopped there goes on.</param>
/// <param name="Seed">Decides first weights, order, dropout.</param>
/// <param name="Modalities">What the network looks at.</param>
/// <param name="Device">Where to compute.</param>
/// <param name="Threads">CPU threads, at least 1. The last bits of the weights depend on it, so it is fixed for a training.</param>
public sealed record TrainingOptions(string Folder, long Seed, Modalities Modalities, TorchDevice Device, int Threads)
{
    /// <summary>The state is stored after every epoch, and within one when so much time has passed since: the most that a killed process has to do again.</summary>
    internal TimeSpan StateInterval { get; init; } = TimeSpan.FromMinutes(10);
}
