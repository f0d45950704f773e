namespace ActorCluster.Models.Preprocessing;

/// <summary>
/// The weights that Pillow's resampling gives to the input samples of each output sample along one axis, in fixed point. Source of the arithmetic:
/// <c>precompute_coeffs</c> and <c>normalize_coeffs_8bpc</c> in Pillow 9.4's <c>src/libImaging/Resample.c</c>. Buffers are reused from size to size.
/// </summary>
internal sealed class ResampleCoefficients(ResampleFilter filter)
{
    /// <summary>The binary digits behind the point: 32 less 8 of a sample less 2 for overshoot.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    private int input;
    private int output;
    private int stride;
    private int[] starts = [];
    private int[] counts = [];
    private int[] weights = [];
    private double[] exact = [];

    /// <summary>The first input sample that any output sample needs.</summary>
    public int First => starts[0];

    /// <summary>One past the last input sample that any output sample needs.</summary>
    public int End => starts[output - 1] + counts[output - 1];

    /// <summary>The first input sample of an output sample.</summary>
    public int Start(int index) => starts[index];

    /// <summary>The weights of an output sample's input samples; they sum to one, 2^<see cref="PrecisionBits"/>, but for rounding.</summary>
    public ReadOnlySpan<int> Weights(int index) => weights.AsSpan(index * stride, counts[index]);

    /// <summary>Computes the weights for a pair of sizes, unless they are those of the last call.</summary>
    public void Prepare(int inputSize, int outputSize)
    {
        if ((inputSize, outputSize) == (input, output))
        {
            return;
        }

        var scale = (double)inputSize / outputSize;
        var filterScale = Math.Max(scale, 1);
        var support = (filter == ResampleFilter.Bilinear ? 1 : 2) * filterScale;
        stride = ((int)Math.Ceiling(support) * 2) + 1;
        Grow(outputSize);
        for (var index = 0; index < outputSize; index++)
        {
            var centre = (index + 0.5) * scale;
            var start = Math.Max((int)(centre - support + 0.5), 0);
            var count = Math.Min((int)(centre + support + 0.5), inputSize) - start;
            starts[index] = start;
            counts[index] = count;
            Fill(weights.AsSpan(index * stride, count), exact.AsSpan(0, count), start - centre + 0.5, 1 / filterScale);
        }

        (input, output) = (inputSize, outputSize);
    }

    private void Fill(Span<int> fixedPoint, Span<double> values, double first, double step)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Weight((i + first) * step);
            sum += values[i];
        }

        for (var i = 0; i < values.Length; i++)
        {
            var scaled = (sum == 0 ? values[i] : values[i] / sum) * (1 << PrecisionBits);
            fixedPoint[i] = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
    }

    private double Weight(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        return filter switch
        {
            ResampleFilter.Bilinear => x < 1 ? 1 - x : 0,
            _ when x < 1 => ((((A + 2) * x) - (A + 3)) * x * x) + 1,
            _ when x < 2 => ((((x - 5) * x) + 8) * x - 4) * A,
            _ => 0,
        };
    }

    private void Grow(int outputSize)
    {
        (input, output) = (0, 0);
        if (starts.Length < outputSize)
        {
            starts = new int[outputSize];
            counts = new int[outputSize];
        }

        if (weights.Length < outputSize * stride)
        {
            weights = new int[outputSize * stride];
        }

        if (exact.Length < stride)
        {
            exact = new double[stride];
        }
    }
}
