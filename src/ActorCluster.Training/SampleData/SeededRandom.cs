namespace ActorCluster.Training.SampleData;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014). System.Random does not promise the same numbers in later versions of .NET; a seed of a sample set must.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private ulong _state = seed;

    /// <summary>A stream of its own for one purpose and one index under the set's seed.</summary>
    public static SeededRandom For(ulong seed, string purpose, int index)
    {
        // FNV-1a over the purpose's characters.
        var hash = 0xCBF29CE484222325;
        foreach (var c in purpose)
        {
            hash = (hash ^ c) * 0x100000001B3;
        }

        return new SeededRandom(Mix(Mix(seed + Increment) ^ hash) ^ Mix((ulong)index + Increment));
    }

    /// <summary>64 random bits.</summary>
    public ulong Bits() => Mix(_state += Increment);

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

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
