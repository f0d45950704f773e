using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>Paints a person: body, head, hair, and the face with <see cref="EyePainter"/> and <see cref="MouthPainter"/>.</summary>
internal sealed class HeadPainter(Speaker speaker, Brush brush)
{
    private readonly EyePainter _eyes = new(speaker, brush);
    private readonly MouthPainter _mouth = new(speaker, brush);

    /// <summary>Paints the person from the front.</summary>
    /// <param name="canvas">In pixels.</param>
    /// <param name="face">What the face does.</param>
    public void Front(SKCanvas canvas, FaceState face)
    {
        Enter(canvas, face.Pose);
        Body(canvas);
        BackHair(canvas);
        Ears(canvas, face.Pose);
        var drop = 0.14 * face.Jaw;
        brush.Fill(
            canvas,
            FacePath.Head(speaker, drop, 0),
            new SKPoint((face.Light.X * 0.45f) + (float)(0.25 * face.Pose.Yaw), (face.Light.Y * 0.4f) - 0.1f),
            1.75f,
            Brush.Shade(speaker.Skin, 1.08),
            Brush.Shade(speaker.Skin, 0.66));
        Cheeks(canvas, face);
        if (speaker.Beard)
        {
            Beard(canvas, face.Pose, drop);
        }

        _eyes.Paint(canvas, face);
        Nose(canvas, face);
        _mouth.Paint(canvas, face);
        FrontHair(canvas);
        canvas.Restore();
    }

    /// <summary>Paints the person from behind.</summary>
    public void Back(SKCanvas canvas, HeadPose pose)
    {
        Enter(canvas, pose);
        Body(canvas);
        Ears(canvas, pose);
        brush.Fill(canvas, FacePath.Head(speaker, -0.15, 0.02), new SKPoint(0, -0.5f), 1.9f, Brush.Shade(speaker.Skin, 0.9), Brush.Shade(speaker.Skin, 0.6));
        if (speaker.HairStyle > 0)
        {
            brush.Fill(canvas, FacePath.Head(speaker, speaker.HairStyle == 3 ? 0.4 : -0.3, 0.07), new SKPoint(0, -0.6f), 1.8f, Brush.Shade(speaker.Hair, 1.25), Brush.Shade(speaker.Hair, 0.7));
        }

        canvas.Restore();
    }

    private static void Enter(SKCanvas canvas, HeadPose pose)
    {
        canvas.Save();
        canvas.Translate((float)pose.X, (float)pose.Y);
        canvas.RotateDegrees((float)pose.Roll);
        canvas.Scale((float)pose.Unit);
    }

    private void Body(SKCanvas canvas)
    {
        brush.Ellipse(canvas, new SKPoint(0, 2.75f), 2.15, 1.2, speaker.Clothing);
        brush.Box(canvas, new SKRect(-0.5f, 0.5f, 0.5f, 1.95f), 0.3, Brush.Shade(speaker.Skin, 0.68));
        brush.Ellipse(canvas, new SKPoint(0, 1.85f), 0.62, 0.22, Brush.Shade(speaker.Skin, 0.68));
    }

    private void BackHair(SKCanvas canvas)
    {
        if (speaker.HairStyle == 3)
        {
            brush.Box(canvas, new SKRect(-1.2f, (float)-speaker.HeadHeight - 0.12f, 1.2f, 1.55f), 0.95, Brush.Shade(speaker.Hair, 0.8));
        }
        else if (speaker.HairStyle > 0)
        {
            brush.Ellipse(canvas, new SKPoint(0, -0.42f), 1.08, speaker.HeadHeight - 0.3, Brush.Shade(speaker.Hair, 0.85));
        }
    }

    private void Ears(SKCanvas canvas, HeadPose pose)
    {
        for (var side = -1; side <= 1; side += 2)
        {
            var shown = Math.Clamp(1 - (side * 2.2 * pose.Yaw), 0.2, 1.2);
            brush.Ellipse(canvas, new SKPoint(side * 1.0f, 0.05f), 0.13 * shown, 0.25, Brush.Shade(speaker.Skin, 0.78));
        }
    }

    private void Cheeks(SKCanvas canvas, FaceState face)
    {
        var blush = new SKColor(0xC8, 0x50, 0x48, (byte)(26 + (30 * Math.Max(0, face.Action.Squint))));
        for (var side = -1; side <= 1; side += 2)
        {
            brush.Spot(canvas, face.Pose.Turn(side * 0.56, 0.36 - (0.08 * face.Action.Squint)), 0.34, 0.26, blush);
        }

        // The fold from nose to mouth, which a smile and a raised lip deepen.
        var depth = Math.Clamp((0.6 * Math.Max(0, face.Action.MouthCorner)) + (0.5 * Math.Max(0, face.Action.UpperLip)), 0, 1);
        var fold = Brush.Shade(speaker.Skin, 0.5, (byte)(20 + (120 * depth)));
        for (var side = -1; side <= 1; side += 2)
        {
            var path = FacePath.Open(face.Pose, [(side * 0.26, 0.38), (side * 0.46, 0.46), (side * (0.52 + (0.06 * face.Action.MouthWide)), 0.72)]);
            brush.Line(canvas, path, fold, 0.045);
        }
    }

    private void Nose(SKCanvas canvas, FaceState face)
    {
        var (pose, length, width) = (face.Pose, speaker.NoseLength, speaker.NoseWidth);
        var tip = -0.02 + length - (0.05 * Math.Max(0, face.Action.UpperLip));
        var shadow = Brush.Shade(speaker.Skin, 0.58, 110);
        var side = face.Light.X > 0 ? -1 : 1;
        brush.Fill(canvas, FacePath.Closed(pose, [(side * 0.07, -0.12), (side * 0.1, 0.15), (side * width, tip), (side * width * 0.5, tip + 0.08), (0, tip + 0.06), (side * 0.02, 0.1), (side * 0.07, -0.12)]), shadow);
        brush.Spot(canvas, pose.Turn(-side * 0.02, tip - 0.08), 0.12, 0.13, SKColors.White.WithAlpha(70));
        brush.Spot(canvas, pose.Turn(0, tip + 0.11), 0.24, 0.08, Brush.Shade(speaker.Skin, 0.5, 150));
        for (var nostril = -1; nostril <= 1; nostril += 2)
        {
            brush.Ellipse(canvas, pose.Turn(nostril * width * 0.5, tip + 0.045), 0.055, 0.032, Brush.Shade(speaker.Skin, 0.32));
            brush.Line(canvas, FacePath.Open(pose, [(nostril * width * 0.8, tip - 0.1), (nostril * width * 1.15, tip), (nostril * width * 0.75, tip + 0.06)]), Brush.Shade(speaker.Skin, 0.55, 170), 0.03);
        }

        if (face.Action.UpperLip > 0.3)
        {
            var wrinkle = Brush.Shade(speaker.Skin, 0.5, (byte)Math.Clamp(150 * (face.Action.UpperLip - 0.3), 0, 150));
            for (var s = -1; s <= 1; s += 2)
            {
                brush.Line(canvas, FacePath.Open(pose, [(s * 0.06, 0.02), (s * 0.12, 0.06), (s * 0.15, 0.14)]), wrinkle, 0.03);
            }
        }
    }

    private void Beard(SKCanvas canvas, HeadPose pose, double drop)
    {
        canvas.Save();
        using var head = FacePath.Head(speaker, drop, 0);
        canvas.ClipPath(head, SKClipOperation.Intersect, antialias: true);
        var chin = speaker.HeadHeight + drop + 0.3;
        brush.Fill(
            canvas,
            FacePath.Closed(pose, [(-1.1, 0.2), (-0.75, 0.62), (-0.42, 0.56), (0, 0.4), (0.42, 0.56), (0.75, 0.62), (1.1, 0.2), (1.2, chin), (0, chin), (-1.2, chin), (-1.1, 0.2)]),
            speaker.Hair.WithAlpha(205));
        canvas.Restore();
    }

    private void FrontHair(SKCanvas canvas)
    {
        if (speaker.HairStyle == 0)
        {
            return;
        }

        var (h, line) = ((float)speaker.HeadHeight, speaker.HairStyle == 2 ? -0.62f : -0.82f);
        var path = new SKPath();
        path.MoveTo(-1.04f, -0.12f);
        path.CubicTo(-1.15f, -0.8f * h, -0.8f, -1.12f * h, 0, -1.1f * h);
        path.CubicTo(0.8f, -1.12f * h, 1.15f, -0.8f * h, 1.04f, -0.12f);
        path.CubicTo(0.98f, -0.45f, 0.88f, line - 0.02f, 0.5f, line);
        path.CubicTo(0.2f, line - 0.12f, -0.3f, line + 0.1f, -0.55f, line - 0.05f);
        path.CubicTo(-0.88f, line, -0.98f, -0.45f, -1.04f, -0.12f);
        path.Close();
        brush.Fill(canvas, path, new SKPoint(-0.3f, -h), 1.5f, Brush.Shade(speaker.Hair, 1.3), Brush.Shade(speaker.Hair, 0.85));
    }
}
