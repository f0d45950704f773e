using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>Paints eyes, brows and glasses.</summary>
internal sealed class EyePainter(Speaker speaker, Brush brush)
{
    private const double Height = -0.13;

    /// <summary>Paints both sides.</summary>
    /// <param name="canvas">In head units.</param>
    /// <param name="face">What the face does.</param>
    public void Paint(SKCanvas canvas, FaceState face)
    {
        for (var side = -1; side <= 1; side += 2)
        {
            Eye(canvas, face, side);
            Brow(canvas, face, side);
        }

        if (face.Action.BrowFurrow > 0.15)
        {
            var furrow = Brush.Shade(speaker.Skin, 0.45, (byte)Math.Clamp(190 * face.Action.BrowFurrow, 0, 190));
            for (var side = -1; side <= 1; side += 2)
            {
                brush.Line(canvas, FacePath.Open(face.Pose, [(side * 0.05, -0.42), (side * 0.035, -0.36), (side * 0.055, -0.26)]), furrow, 0.035);
            }
        }

        if (speaker.Glasses)
        {
            Glasses(canvas, face.Pose);
        }
    }

    private void Eye(SKCanvas canvas, FaceState face, int side)
    {
        var (pose, action, size) = (face.Pose, face.Action, speaker.EyeSize);
        var x = side * speaker.EyeDistance;
        brush.Spot(canvas, pose.Turn(x, Height - 0.06), size * 1.75, size * 1.35, Brush.Shade(speaker.Skin, 0.5, 105));
        var open = Math.Clamp(0.62 + (0.5 * action.EyeWide) - (0.16 * action.Squint), 0.12, 1.05) * (1 - face.Blink);
        var up = Height - (size * 1.15 * open) + (size * 0.35 * (1 - open));
        var down = Height + (size * 0.72 * Math.Clamp(1 - (0.6 * action.Squint), 0.2, 1) * Math.Max(0.2, Math.Min(1, 1 - (0.5 * face.Blink)))) - (0.02 * action.Squint);
        (double X, double Y) inner = (x - (side * size), Height + 0.025);
        (double X, double Y) outer = (x + (side * size), Height - 0.015);
        if (open > 0.1)
        {
            canvas.Save();
            using (var almond = FacePath.Closed(pose, [inner, (x, up - (size * 0.3)), outer, (x, down + (size * 0.1)), inner]))
            {
                canvas.ClipPath(almond, SKClipOperation.Intersect, antialias: true);
            }

            var white = new SKColor(0xEC, 0xE8, 0xE4);
            brush.Ellipse(canvas, pose.Turn(x, Height), size * 1.3, size * 1.3, white);
            var centre = pose.Turn(x + (face.Gaze.X * size * 0.35), Height - 0.02 + (face.Gaze.Y * size * 0.22));
            brush.Ellipse(canvas, centre, size * 0.56, size * 0.56, Brush.Shade(speaker.Iris, 0.6));
            brush.Ellipse(canvas, centre, size * 0.47, size * 0.47, speaker.Iris);
            brush.Ellipse(canvas, centre, size * 0.25, size * 0.25, new SKColor(8, 6, 6));
            brush.Ellipse(canvas, centre + new SKPoint((float)(face.Light.X * size * 0.2), (float)(-size * 0.18)), size * 0.1, size * 0.1, SKColors.White.WithAlpha(220));
            canvas.Restore();
        }

        var lid = Brush.Shade(speaker.Skin, 0.22);
        brush.Line(canvas, FacePath.Open(pose, [inner, (x, open > 0.1 ? up - (size * 0.3) : down), outer]), lid, 0.05);
        brush.Line(canvas, FacePath.Open(pose, [inner, (x, down + (size * 0.1)), outer]), Brush.Shade(speaker.Skin, 0.45, 150), 0.025);
        brush.Line(canvas, FacePath.Open(pose, [(inner.X, inner.Y - 0.09), (x, up - (size * 0.65)), (outer.X, outer.Y - 0.07)]), Brush.Shade(speaker.Skin, 0.5, 120), 0.025);
        brush.Line(canvas, FacePath.Open(pose, [(inner.X, inner.Y + 0.1), (x, down + (size * 0.55)), (outer.X, outer.Y + 0.1)]), Brush.Shade(speaker.Skin, 0.55, (byte)Math.Clamp(30 + (110 * action.Squint), 0, 160)), 0.03);
    }

    private void Brow(SKCanvas canvas, FaceState face, int side)
    {
        var action = face.Action;
        var inner = (X: side * (0.17 - (0.07 * action.BrowFurrow)), Y: -0.43 - (0.21 * action.BrowInner));
        var outer = (X: side * (0.68 - (0.03 * action.BrowFurrow)), Y: -0.4 - (0.2 * action.BrowOuter));
        var middle = (X: side * 0.46, Y: ((inner.Y + outer.Y) / 2) - 0.13);
        var colour = speaker.HairStyle == 0 ? Brush.Shade(speaker.Hair, 0.8) : Brush.Shade(speaker.Hair, 0.65);
        brush.Line(canvas, FacePath.Open(face.Pose, [inner, middle, outer]), colour.WithAlpha(225), speaker.BrowThickness);
        brush.Line(canvas, FacePath.Open(face.Pose, [inner, ((inner.X + middle.X) / 2, middle.Y + 0.06), (middle.X, middle.Y + 0.075)]), colour.WithAlpha(200), speaker.BrowThickness * 1.15);
    }

    private void Glasses(SKCanvas canvas, HeadPose pose)
    {
        var frame = new SKColor(0x22, 0x20, 0x22, 230);
        for (var side = -1; side <= 1; side += 2)
        {
            var x = side * speaker.EyeDistance;
            var (w, h) = (0.31, 0.26);
            var lens = FacePath.Closed(pose, [(x - w, Height), (x - w, Height - h), (x, Height - h), (x + w, Height - h), (x + w, Height), (x + w, Height + h), (x, Height + h), (x - w, Height + h), (x - w, Height)]);
            brush.Line(canvas, lens, frame, 0.045);
            brush.Line(canvas, FacePath.Open(pose, [(x + (side * w), Height - 0.05), (side * 0.85, Height - 0.06), (side * 1.0, Height - 0.02)]), frame, 0.04);
        }

        brush.Line(canvas, FacePath.Open(pose, [(-0.12, Height - 0.02), (0, Height - 0.09), (0.12, Height - 0.02)]), frame, 0.04);
    }
}
