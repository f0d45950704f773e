using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>Curves on a turned face. Each returned path belongs to the caller.</summary>
internal static class FacePath
{
    /// <summary>An open curve: a start, then pairs of a control point and an end (quadratic Bezier).</summary>
    public static SKPath Open(HeadPose pose, ReadOnlySpan<(double X, double Y)> points)
    {
        var path = new SKPath();
        path.MoveTo(pose.Turn(points[0].X, points[0].Y));
        for (var i = 1; i + 1 < points.Length; i += 2)
        {
            path.QuadTo(pose.Turn(points[i].X, points[i].Y), pose.Turn(points[i + 1].X, points[i + 1].Y));
        }

        return path;
    }

    /// <summary>The same, closed by a straight line if need be.</summary>
    public static SKPath Closed(HeadPose pose, ReadOnlySpan<(double X, double Y)> points)
    {
        var path = Open(pose, points);
        path.Close();
        return path;
    }

    /// <summary>The outline of a head, which keeps its shape however the head is turned.</summary>
    /// <param name="speaker">Whose head.</param>
    /// <param name="drop">How far the chin is down for an open mouth.</param>
    /// <param name="grow">How far outside of the head the outline runs.</param>
    public static SKPath Head(Speaker speaker, double drop, double grow)
    {
        var (h, j) = ((float)(speaker.HeadHeight + grow), (float)(speaker.JawWidth + grow));
        var (w, chin) = ((float)(1 + grow), (float)(speaker.HeadHeight + drop + grow));
        var path = new SKPath();
        path.MoveTo(0, -h);
        path.CubicTo(0.72f * w, -h, 1.02f * w, -0.62f * h, w, -0.05f);
        path.CubicTo(0.99f * w, 0.42f * h, j, 0.72f * chin, j * 0.72f, 0.86f * chin);
        path.CubicTo(j * 0.5f, 0.98f * chin, 0.2f, chin, 0, chin);
        path.CubicTo(-0.2f, chin, -j * 0.5f, 0.98f * chin, -j * 0.72f, 0.86f * chin);
        path.CubicTo(-j, 0.72f * chin, -0.99f * w, 0.42f * h, -w, -0.05f);
        path.CubicTo(-1.02f * w, -0.62f * h, -0.72f * w, -h, 0, -h);
        path.Close();
        return path;
    }
}
