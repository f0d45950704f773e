using System.Globalization;
using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>
/// Writes a video's face crops as Aff-Wild2 ships them: <c>00001.jpg</c> is the first frame's, a frame without a face has no file. The crop follows the
/// head with the unsteadiness of a detector.
/// </summary>
internal sealed class FaceCrops : IDisposable
{
    /// <summary>The side of a crop in pixels.</summary>
    public const int Side = 64;

    private const double HalfSide = 1.32; // In half-widths of the head: from above the brows to the chin.
    private const double Jitter = 0.04;   // Of the side, in place and size.

    private readonly string _folder;
    private readonly SeededRandom _random;
    private readonly SKBitmap _bitmap = new(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
    private readonly SKCanvas _canvas;

    /// <summary>Prepares a folder.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="random">The unsteadiness.</param>
    public FaceCrops(string folder, SeededRandom random)
    {
        (_folder, _random) = (folder, random);
        _canvas = new SKCanvas(_bitmap);
    }

    /// <summary>Writes a frame's crop.</summary>
    /// <param name="frame">The frame, from 0 on.</param>
    /// <param name="picture">The whole picture.</param>
    /// <param name="pose">Where the head is in it.</param>
    public void Write(int frame, SKBitmap picture, HeadPose pose)
    {
        var half = HalfSide * pose.Unit * (1 + _random.Uniform(-Jitter, Jitter));
        var x = pose.X + (2 * half * _random.Uniform(-Jitter, Jitter));
        var y = pose.Y + (0.12 * pose.Unit) + (2 * half * _random.Uniform(-Jitter, Jitter));
        _canvas.Clear(SKColors.Black);
        using (var image = SKImage.FromPixels(picture.PeekPixels()))
        {
            var source = new SKRect((float)(x - half), (float)(y - half), (float)(x + half), (float)(y + half));
            _canvas.DrawImage(image, source, new SKRect(0, 0, Side, Side), new SKSamplingOptions(SKFilterMode.Linear));
        }

        _canvas.Flush();
        using var pixels = _bitmap.PeekPixels();
        using var jpeg = pixels.Encode(new SKJpegEncoderOptions(90)) ?? throw new InvalidOperationException("Skia encodes no JPEG.");
        using var file = File.Create(Path.Combine(_folder, (frame + 1).ToString("D5", CultureInfo.InvariantCulture) + ".jpg"));
        jpeg.SaveTo(file);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _canvas.Dispose();
        _bitmap.Dispose();
    }
}
