namespace ActorCluster.Core.Scoring;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014): the same numbers in every version of .NET, which <see cref="Random"/> does not
/// promise.
/// </summary>
/// <param name="seed">What the numbers are made from.</param>
internal sealed class SplitMix64(ulong seed)
{
    /// <summary>What the state grows by: 2^64 over the golden ratio, made odd.</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(state += Increment);

    /// <summary>The algorithm's last step: different numbers for different ones, each bit of which depends on all bits.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="count"/> - 1. Its bias is below <paramref name="count"/> / 2^64.</summary>
    public int Next(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);
}
