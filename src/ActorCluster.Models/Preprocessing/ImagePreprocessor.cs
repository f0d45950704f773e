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
    private readonly byte[] cropped;
    private readonly float[] table = new float[Channels * Levels];

    /// <summary>Makes a preprocessor.</summary>
    public ImagePreprocessor(ImagePreprocessing settings)
    {
        Settings = settings;
        resizer = new PillowResizer(settings.ResizeWidth, settings.ResizeHeight, settings.Resample);
        cropped = new byte[settings.Width * settings.Height * Channels];
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
        Resize(rgb, width, height, cropped);
        Normalize(cropped, pixels);
    }

    /// <summary>The first half: resizes and crops an image, which so takes a quarter of the room of the whole result.</summary>
    /// <param name="rgb">As for <see cref="Process"/>.</param>
    /// <param name="width">As for <see cref="Process"/>.</param>
    /// <param name="height">As for <see cref="Process"/>.</param>
    /// <param name="small">Where to: [<see cref="ImagePreprocessing.Height"/>, <see cref="ImagePreprocessing.Width"/>, 3].</param>
    /// <exception cref="ArgumentException">A size is out of range or does not agree with its image.</exception>
    public void Resize(ReadOnlySpan<byte> rgb, int width, int height, Span<byte> small)
    {
        if (small.Length != cropped.Length)
        {
            throw new ArgumentException($"{small.Length} bytes are not {Settings.Height} x {Settings.Width} x 3.", nameof(small));
        }

        resizer.Resize(rgb, width, height, resized);
        var (top, left, row) = ((Settings.ResizeHeight - Settings.Height) / 2, (Settings.ResizeWidth - Settings.Width) / 2, Settings.Width * Channels);
        for (var y = 0; y < Settings.Height; y++)
        {
            resized.AsSpan((((top + y) * Settings.ResizeWidth) + left) * Channels, row).CopyTo(small[(y * row)..]);
        }
    }

    /// <summary>The second half: rescales and normalises a small image.</summary>
    /// <param name="small">The image [<see cref="ImagePreprocessing.Height"/>, <see cref="ImagePreprocessing.Width"/>, 3].</param>
    /// <param name="pixels">Where to: [3, <see cref="ImagePreprocessing.Height"/>, <see cref="ImagePreprocessing.Width"/>].</param>
    /// <exception cref="ArgumentException">A length is another.</exception>
    public void Normalize(ReadOnlySpan<byte> small, Span<float> pixels)
    {
        var plane = Settings.Height * Settings.Width;
        if (small.Length != Channels * plane || pixels.Length != Channels * plane)
        {
            throw new ArgumentException($"{small.Length} bytes and {pixels.Length} numbers are not 3 x {Settings.Height} x {Settings.Width} pixels.", nameof(pixels));
        }

        var red = pixels[..plane];
        var green = pixels.Slice(plane, plane);
        var blue = pixels[(2 * plane)..];
        for (var i = 0; i < plane; i++)
        {
            red[i] = table[small[i * Channels]];
            green[i] = table[Levels + small[(i * Channels) + 1]];
            blue[i] = table[(2 * Levels) + small[(i * Channels) + 2]];
        }
    }
}
