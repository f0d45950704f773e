using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using static TorchSharp.torch;

namespace ActorCluster.Models.Tests.Fusion;

/// <summary>Small networks and made-up windows.</summary>
internal static class FusionSamples
{
    static FusionSamples() => TorchRuntime.Load();

    public static FusionConfig Config { get; } = new()
    {
        HiddenSize = 24,
        Layers = 2,
        Heads = 3,
        FeedForwardSize = 40,
        Dropout = 0,
        WindowLength = 7,
        VisualWidth = 10,
        AudioWidth = 6,
        Prior = [0.42, 0.04, 0.025, 0.022, 0.22, 0.189, 0.076, 0.008],
        VisualEncoder = new("beit-test", "aaaa1111"),
        AudioEncoder = new("wavlm-test", "bbbb2222"),
    };

    /// <summary>A network none of whose parameters is left at a first value that could hide an error, such as a bias of 0.</summary>
    public static FusionNetwork Network(FusionConfig config, int seed)
    {
        var network = new FusionNetwork(config, seed);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var generator = new Generator((ulong)seed + 1);
        foreach (var (_, parameter) in network.named_parameters())
        {
            if (parameter.dim() == 1)
            {
                parameter.add_(empty_like(parameter).uniform_(-0.3, 0.3, generator));
            }
        }

        return network;
    }

    /// <summary>Features from a standard normal distribution, [batch, frames, width].</summary>
    public static Tensor Normal(int seed, params ReadOnlySpan<long> shape)
    {
        var random = new Random(seed);
        var values = new float[Product(shape)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return tensor(values, shape.ToArray());
    }

    public static Tensor Mask(params bool[][] rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);

    public static FusionBatch Batch(FusionConfig config, int seed, bool[][] visual, bool[][] audio, bool[][] frames) => new(
        Normal(seed, visual.Length, visual[0].Length, config.VisualWidth),
        Normal(seed + 1000, visual.Length, visual[0].Length, config.AudioWidth),
        Mask(visual),
        Mask(audio),
        Mask(frames));

    public static bool[][] All(bool value, int batch, int frames) => [.. Enumerable.Range(0, batch).Select(_ => Enumerable.Repeat(value, frames).ToArray())];

    public static float[] Values(Tensor tensor) => tensor.detach().cpu().contiguous().data<float>().ToArray();

    /// <summary>The bits, so that a comparison tells 0 from -0 and NaN equals itself.</summary>
    public static int[] Bits(Tensor tensor) => [.. Values(tensor).Select(BitConverter.SingleToInt32Bits)];

    private static long Product(ReadOnlySpan<long> shape)
    {
        var product = 1L;
        foreach (var length in shape)
        {
            product *= length;
        }

        return product;
    }
}
