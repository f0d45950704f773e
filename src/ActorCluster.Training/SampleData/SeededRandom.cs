using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.SampleData;

/// <summary>
/// Draws from <see cref="SplitMix64"/>. System.Random does not promise the same numbers in later versions of .NET; a seed of a sample set must.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private readonly SplitMix64 _bits = new(seed);

    /// <summary>A stream of its own for one purpose and one index under the set's seed.</summary>
    public static SeededRandom For(ulong seed, string purpose, int index)
    {
        // FNV-1a over the purpose's characters.
        var hash = 0xCBF29CE484222325;
        foreach (var c in purpose)
        {
            hash = (hash ^ c) * 0x100000001B3;
        }

        return new SeededRandom(SplitMix64.Mix(SplitMix64.Mix(seed + SplitMix64.Increment) ^ hash) ^ SplitMix64.Mix((ulong)index + SplitMix64.Increment));
    }

    /// <summary>64 random bits.</summary>
    public ulong Bits() => _bits.Next();

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>True with a probability.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Normal with mean 0 and standard deviation 1 (Box-Muller).</summary>
    public double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Uniform in 0 .. <paramref name="count"/> - 1.</summary>
    public int Index(int count) => (int)(Uniform() * count);

    /// <summary>One of the values.</summary>
    public T Pick<T>(ReadOnlySpan<T> values) => values[Index(values.Length)];
}
