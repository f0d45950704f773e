using ActorCluster.Storage;

namespace ActorCluster.Models.Tests.WavLm;

/// <summary>The WavLM cases among the goldens, and how far values are from them.</summary>
internal static class WavLmGoldens
{
    /// <summary>About three times the reference's own float32 error.</summary>
    public const double Tolerance = 3e-5;

    public const string Large = "wavlm-tiny-large-style";
    public const string Masked = "wavlm-tiny-large-style-masked";
    public const string Base = "wavlm-tiny-base-style";

    public static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "goldens", name);

    /// <summary>The folder of a case's weights.</summary>
    public static string Model(string name) => Folder(name == Masked ? Large : name);

    public static SafetensorsFile Io(string name) => SafetensorsFile.Open(Path.Combine(Folder(name), "io.safetensors"));

    /// <summary>The real samples of each item: its mask's sum, or all of them.</summary>
    public static int[] Lengths(SafetensorsFile io)
    {
        var shape = io.Find("input.input_values").Shape;
        var (items, samples) = ((int)shape[0], (int)shape[1]);
        if (!io.Contains("input.attention_mask"))
        {
            return [.. Enumerable.Repeat(samples, items)];
        }

        var mask = io.Read<long>("input.attention_mask");
        return [.. Enumerable.Range(0, items).Select(i => (int)mask.AsSpan(i * samples, samples).ToArray().Sum())];
    }

    public static double Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var greatest = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs((double)expected[i] - actual[i]);

            // A NaN is as far as can be.
            greatest = difference <= greatest ? greatest : double.IsNaN(difference) ? double.PositiveInfinity : difference;
        }

        return greatest;
    }

    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what, double tolerance = Tolerance)
    {
        var difference = Difference(expected, actual);
        Assert.True(difference <= tolerance, $"{what} differs by {difference:e2}, more than {tolerance:e0}.");
    }
}
