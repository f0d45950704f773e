using ActorCluster.Core.Scoring;

namespace ActorCluster.Training;

/// <summary>
/// Seeds of everything that is random in a step, made from the training's seed, the epoch and the step alone: so nothing about randomness needs to be
/// stored to go on where a training stopped.
/// </summary>
internal static class RandomStream
{
    /// <summary>What the seed is for.</summary>
    public enum Use
    {
        /// <summary>The order of the windows of an epoch.</summary>
        Order,

        /// <summary>Ordinary dropout, from libtorch's global generator.</summary>
        Dropout,

        /// <summary>Modality dropout.</summary>
        Modality,
    }

    /// <summary>A seed; different ones for different arguments.</summary>
    public static ulong Seed(long seed, Use use, int epoch, int step = 0)
    {
        var mixed = Mix((ulong)seed + 1);
        mixed = Mix(mixed ^ (ulong)use);
        mixed = Mix(mixed ^ (ulong)epoch);
        return Mix(mixed ^ (ulong)step);
    }

    private static ulong Mix(ulong z) => new SplitMix64(z).Next();
}
