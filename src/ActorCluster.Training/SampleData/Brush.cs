using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>Paints shapes smoothly with one reused paint.</summary>
internal sealed class Brush : IDisposable
{
    private readonly SKPaint _paint = new() { IsAntialias = true, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };

    /// <summary>A colour made lighter (factor over 1) or darker.</summary>
    public static SKColor Shade(SKColor colour, double factor, byte alpha = 255)
    {
        byte Scale(byte value) => (byte)Math.Clamp(value * factor, 0, 255);
        return new SKColor(Scale(colour.Red), Scale(colour.Green), Scale(colour.Blue), alpha);
    }

    /// <summary>Fills a path and disposes of it.</summary>
    public void Fill(SKCanvas canvas, SKPath path, SKColor colour)
    {
        canvas.DrawPath(path, Plain(colour, SKPaintStyle.Fill, 0));
        path.Dispose();
    }

    /// <summary>Fills a path with a gradient from its centre outwards and disposes of it.</summary>
    public void Fill(SKCanvas canvas, SKPath path, SKPoint centre, float radius, SKColor inner, SKColor outer)
    {
        using var shader = SKShader.CreateRadialGradient(centre, radius, [inner, outer], [0.25f, 1], SKShaderTileMode.Clamp);
        _ = Plain(SKColors.Black, SKPaintStyle.Fill, 0);
        _paint.Shader = shader;
        canvas.DrawPath(path, _paint);
        _paint.Shader = null;
        path.Dispose();
    }

    /// <summary>A soft spot that fades to nothing at its edge.</summary>
    public void Spot(SKCanvas canvas, SKPoint centre, double radiusX, double radiusY, SKColor colour)
    {
        canvas.Save();
        canvas.Translate(centre);
        canvas.Scale(1, (float)(radiusY / radiusX));
        using var shader = SKShader.CreateRadialGradient(default, (float)radiusX, [colour, colour.WithAlpha(0)], SKShaderTileMode.Clamp);
        _ = Plain(SKColors.Black, SKPaintStyle.Fill, 0);
        _paint.Shader = shader;
        canvas.DrawCircle(0, 0, (float)radiusX, _paint);
        _paint.Shader = null;
        canvas.Restore();
    }

    /// <summary>Draws a path's line and disposes of it.</summary>
    public void Line(SKCanvas canvas, SKPath path, SKColor colour, double width)
    {
        canvas.DrawPath(path, Plain(colour, SKPaintStyle.Stroke, width));
        path.Dispose();
    }

    /// <summary>An ellipse.</summary>
    public void Ellipse(SKCanvas canvas, SKPoint centre, double radiusX, double radiusY, SKColor colour) =>
        canvas.DrawOval(centre.X, centre.Y, (float)radiusX, (float)radiusY, Plain(colour, SKPaintStyle.Fill, 0));

    /// <summary>A rectangle with round corners.</summary>
    public void Box(SKCanvas canvas, SKRect rect, double corner, SKColor colour) =>
        canvas.DrawRoundRect(rect, (float)corner, (float)corner, Plain(colour, SKPaintStyle.Fill, 0));

    /// <inheritdoc/>
    public void Dispose() => _paint.Dispose();

    private SKPaint Plain(SKColor colour, SKPaintStyle style, double width)
    {
        _paint.Color = colour;
        _paint.Style = style;
        _paint.StrokeWidth = (float)width;
        return _paint;
    }
}
