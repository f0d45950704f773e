namespace ActorCluster.Training.SampleData;

/// <summary>A camera's exposure, white balance, uneven light and noise.</summary>
internal sealed class Sensor
{
    private const int TableBits = 14;
    private readonly float[] _noise = new float[1 << TableBits];
    private readonly double[] _gain = new double[3];
    private readonly double _gradientX;
    private readonly double _gradientY;
    private readonly Drift _exposure;
    private readonly SeededRandom _random;

    /// <summary>Draws a camera.</summary>
    public Sensor(SeededRandom random)
    {
        _random = random;
        var exposure = random.Uniform(0.72, 1.15);
        var warmth = random.Uniform(-0.09, 0.09);
        var tint = random.Uniform(-0.02, 0.02);
        (_gain[0], _gain[1], _gain[2]) = (exposure * (1 + warmth), exposure * (1 + tint), exposure * (1 - warmth));

        _gradientX = random.Uniform(-0.35, 0.35);
        _gradientY = random.Uniform(-0.2, 0.2);
        _exposure = new Drift(random, 0.05, 0.15);
        var sigma = random.Uniform(1, 5);
        for (var i = 0; i < _noise.Length; i++)
        {
            _noise[i] = (float)(sigma * random.Gaussian());
        }
    }

    /// <summary>Takes the picture as the camera would.</summary>
    /// <param name="rgbx">[height, width, 4], changed in place.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="seconds">The time.</param>
    public void Expose(Span<byte> rgbx, int width, double seconds)
    {
        var height = rgbx.Length / (4 * width);
        var exposure = 1 + _exposure.At(seconds);
        Span<float> light = stackalloc float[3];
        for (var y = 0; y < height; y++)
        {
            var row = rgbx.Slice(y * width * 4, width * 4);
            var noise = (int)(_random.Bits() >> (64 - TableBits));
            for (var c = 0; c < 3; c++)
            {
                light[c] = (float)(_gain[c] * exposure * (1 + (_gradientY * ((double)y / height - 0.5)) - (_gradientX / 2)));
            }

            for (var x = 0; x < width; x++)
            {
                var across = 1 + (float)(_gradientX * x / width);
                for (var c = 0; c < 3; c++)
                {
                    noise = (noise + 1) & ((1 << TableBits) - 1);
                    row[(4 * x) + c] = (byte)Math.Clamp((row[(4 * x) + c] * light[c] * across) + _noise[noise] + 0.5f, 0, 255);
                }
            }
        }
    }
}
