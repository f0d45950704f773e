namespace ActorCluster.Models.Preprocessing;

/// <summary>
/// Turns images into a BEiT's input as <see cref="ImagePreprocessing"/> says, with exactly the result of transformers' <c>BeitImageProcessor</c> (4.38)
/// with Pillow. It keeps its buffers from image to image, so make one per thread; not for use by several threads at once.
/// </summary>
public sealed class ImagePreprocessor
{
    private const int Channels = 3;
    private const int Levels = 256;

    private readonly PillowResizer resizer;
    private readonly byte[] resized;
    private readonly float[] table = new float[Channels * Levels];

    /// <summary>Makes a preprocessor.</summary>
    public ImagePreprocessor(ImagePreprocessing settings)
    {
        Settings = settings;
        resizer = new PillowResizer(settings.ResizeWidth, settings.ResizeHeight, settings.Resample);
        resized = new byte[settings.ResizeWidth * settings.ResizeHeight * Channels];
        for (var channel = 0; channel < Channels; channel++)
        {
            for (var level = 0; level < Levels; level++)
            {
                // The product is one of doubles, all after it of floats, as numpy does it.
                var rescaled = (float)(level * settings.RescaleFactor);
                table[(channel * Levels) + level] = (rescaled - settings.Mean[channel]) / settings.StandardDeviation[channel];
            }
        }
    }

    /// <summary>What it does.</summary>
    public ImagePreprocessing Settings { get; }

    /// <summary>Preprocesses an image.</summary>
    /// <param name="rgb">The image [<paramref name="height"/>, <paramref name="width"/>, 3].</param>
    /// <param name="width">Its width in pixels, 1 to <see cref="ImageFile.MaxSide"/>.</param>
    /// <param name="height">Its height in pixels, 1 to <see cref="ImageFile.MaxSide"/>.</param>
    /// <param name="pixels">Where to: [3, <see cref="ImagePreprocessing.Height"/>, <see cref="ImagePreprocessing.Width"/>].</param>
    /// <exception cref="ArgumentException">A size is out of range or does not agree with its image.</exception>
    public void Process(ReadOnlySpan<byte> rgb, int width, int height, Span<float> pixels)
    {
        var plane = Settings.Height * Settings.Width;
        if (pixels.Length != Channels * plane)
        {
            throw new ArgumentException($"{pixels.Length} numbers have no room for 3 x {Settings.Height} x {Settings.Width} pixels.", nameof(pixels));
        }

        resizer.Resize(rgb, width, height, resized);
        var (top, left) = ((Settings.ResizeHeight - Settings.Height) / 2, (Settings.ResizeWidth - Settings.Width) / 2);
        for (var y = 0; y < Settings.Height; y++)
        {
            var row = resized.AsSpan((((top + y) * Settings.ResizeWidth) + left) * Channels, Settings.Width * Channels);
            var (red, green, blue) = (y * Settings.Width, plane + (y * Settings.Width), (2 * plane) + (y * Settings.Width));
            for (var x = 0; x < Settings.Width; x++)
            {
                pixels[red + x] = table[row[x * Channels]];
                pixels[green + x] = table[Levels + row[(x * Channels) + 1]];
                pixels[blue + x] = table[(2 * Levels) + row[(x * Channels) + 2]];
            }
        }
    }
}
