using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>What is behind a person: a lit wall, things that stand, and things that move and have nothing to do with the person.</summary>
internal sealed class Backdrop
{
    private readonly Brush _brush;
    private readonly (int Width, int Height) _size;
    private readonly SKColor _upper;
    private readonly SKColor _lower;
    private readonly (SKRect Rect, SKColor Colour)[] _standing;
    private readonly (Drift X, Drift Y, double CentreX, double CentreY, double Radius, bool Round, SKColor Colour)[] _moving;

    /// <summary>Draws a place.</summary>
    public Backdrop(SeededRandom random, int width, int height, Brush brush)
    {
        _brush = brush;
        _size = (width, height);
        _upper = Colour(random, 95, 200, 24);
        _lower = Brush.Shade(_upper, random.Uniform(0.55, 0.9));
        _standing = [.. Enumerable.Range(0, 2 + random.Index(3)).Select(_ => Standing(random))];
        _moving =
        [
            .. Enumerable.Range(0, 1 + random.Index(3)).Select(_ => (
                new Drift(random, random.Uniform(0.2, 0.6) * width, random.Uniform(0.08, 0.35)),
                new Drift(random, random.Uniform(0.05, 0.25) * height, random.Uniform(0.1, 0.4)),
                random.Uniform(0, width),
                random.Uniform(0, height),
                random.Uniform(0.04, 0.1) * width,
                random.Chance(0.5),
                Colour(random, 60, 200, 45))),
        ];
    }

    /// <summary>Paints it.</summary>
    /// <param name="canvas">In pixels.</param>
    /// <param name="seconds">The time.</param>
    public void Paint(SKCanvas canvas, double seconds)
    {
        using (var shader = SKShader.CreateLinearGradient(default, new SKPoint(0, _size.Height), [_upper, _lower], SKShaderTileMode.Clamp))
        using (var paint = new SKPaint { Shader = shader })
        {
            canvas.DrawPaint(paint);
        }

        foreach (var (rect, colour) in _standing)
        {
            _brush.Box(canvas, rect, 2, colour);
        }

        foreach (var m in _moving)
        {
            var (x, y, r) = (m.CentreX + m.X.At(seconds), m.CentreY + m.Y.At(seconds), m.Radius);
            if (m.Round)
            {
                _brush.Ellipse(canvas, new SKPoint((float)x, (float)y), r, r, m.Colour);
            }
            else
            {
                _brush.Box(canvas, new SKRect((float)(x - r), (float)(y - (0.7 * r)), (float)(x + r), (float)(y + (0.7 * r))), 1, m.Colour);
            }
        }
    }

    /// <summary>A grey between two levels, coloured a little.</summary>
    private static SKColor Colour(SeededRandom random, double low, double high, double tint)
    {
        var grey = random.Uniform(low, high);
        byte Channel() => (byte)(grey + random.Uniform(-tint, tint));
        return new SKColor(Channel(), Channel(), Channel());
    }

    private (SKRect Rect, SKColor Colour) Standing(SeededRandom random)
    {
        var (x, y) = (random.Uniform(-0.1, 0.9) * _size.Width, random.Uniform(0, 0.9) * _size.Height);
        var (w, h) = (random.Uniform(0.08, 0.35) * _size.Width, random.Uniform(0.1, 0.6) * _size.Height);
        return (new SKRect((float)x, (float)y, (float)(x + w), (float)(y + h)), Brush.Shade(_upper, random.Uniform(0.6, 1.25)));
    }
}
