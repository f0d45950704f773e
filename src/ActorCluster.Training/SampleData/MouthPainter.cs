using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>Paints the mouth.</summary>
internal sealed class MouthPainter(Speaker speaker, Brush brush)
{
    /// <summary>Paints lips, teeth and what is between them.</summary>
    /// <param name="canvas">In head units.</param>
    /// <param name="face">What the face does.</param>
    public void Paint(SKCanvas canvas, FaceState face)
    {
        var (pose, action, lip) = (face.Pose, face.Action, speaker.LipFullness);
        var y = 0.52 * speaker.HeadHeight;
        var half = speaker.MouthWidth * (1 + (0.48 * action.MouthWide) - (0.14 * face.Jaw));
        var gap = 0.4 * face.Jaw;
        var raise = 0.07 * Math.Max(0, action.UpperLip);
        var corner = y - (0.25 * action.MouthCorner);
        var bow = 0.05 * action.MouthCorner;
        var top = y - (gap * 0.35) - raise + bow;
        var bottom = y + (gap * 0.65) + bow;
        (double X, double Y) left = (-half, corner);
        (double X, double Y) right = (half, corner);
        var colour = Lips();
        brush.Spot(canvas, pose.Turn(0, bottom + lip + 0.13), half * 0.9, 0.1, Brush.Shade(speaker.Skin, 0.5, 110));

        // A quadratic curve comes half-way to its control point: the factors of two make the lips as thick as they are said to be.
        brush.Fill(
            canvas,
            FacePath.Closed(pose, [left, (-half * 0.45, (2 * top) - corner - (2.1 * lip)), (0, top - (lip * 0.8)), (half * 0.45, (2 * top) - corner - (2.1 * lip)), right, (0, (2 * bottom) - corner + (2.4 * lip)), left]),
            colour);
        if (gap > 0.03 || raise > 0.045)
        {
            canvas.Save();
            using (var inside = FacePath.Closed(pose, [left, (0, (2 * top) - corner), right, (0, (2 * bottom) - corner), left]))
            {
                canvas.ClipPath(inside, SKClipOperation.Intersect, antialias: true);
            }

            brush.Box(canvas, Around(pose.Turn(0, y), half + 0.2, 0.6), 0, new SKColor(0x38, 0x10, 0x12));
            brush.Ellipse(canvas, pose.Turn(0, bottom + 0.02), half * 0.6, 0.12, new SKColor(0xA8, 0x4A, 0x4C));
            brush.Box(canvas, Around(pose.Turn(0, top - 0.06), half * 0.82, 0.13), 0.05, new SKColor(0xEE, 0xE8, 0xDC));
            canvas.Restore();
        }
        else
        {
            brush.Line(canvas, FacePath.Open(pose, [left, (0, (2 * y) - corner + (2 * bow)), right]), Brush.Shade(colour, 0.45), 0.04);
        }

        for (var side = -1; side <= 1; side += 2)
        {
            brush.Spot(canvas, pose.Turn(side * (half + 0.02), corner), 0.07, 0.07, Brush.Shade(speaker.Skin, 0.4, 150));
        }
    }

    private SKColor Lips() => new(
        (byte)((speaker.Skin.Red * 0.62) + (0xB0 * 0.34)), (byte)((speaker.Skin.Green * 0.5) + (0x40 * 0.3)), (byte)((speaker.Skin.Blue * 0.5) + (0x44 * 0.3)));

    private static SKRect Around(SKPoint centre, double halfWidth, double halfHeight) => new(
        centre.X - (float)halfWidth, centre.Y - (float)halfHeight, centre.X + (float)halfWidth, centre.Y + (float)halfHeight);
}
