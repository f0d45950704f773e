using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>
/// Where a head is and how it is turned. A face is drawn in units of half the head's width, x to the right and y downwards from the head's middle.
/// </summary>
/// <param name="X">The head's middle in pixels from the left.</param>
/// <param name="Y">The head's middle in pixels from the top.</param>
/// <param name="Unit">Half the head's width in pixels.</param>
/// <param name="Roll">Turn in the picture's plane, in degrees.</param>
/// <param name="Yaw">Turn to the side, in radians.</param>
/// <param name="Pitch">Nod, in radians; positive looks down.</param>
internal readonly record struct HeadPose(double X, double Y, double Unit, double Roll, double Yaw, double Pitch)
{
    // The face is taken for a piece of an ellipsoid a little larger than the head, so that its edge can turn as well.
    private const double Bulge = 1.15;

    /// <summary>Where a point of the unturned face comes to lie, in head units.</summary>
    public SKPoint Turn(double x, double y)
    {
        var depth = Math.Sqrt(Math.Max(0, 1 - (x * x / (Bulge * Bulge)) - (y * y / (Bulge * Bulge * 1.7))));
        return new SKPoint((float)((x * Math.Cos(Yaw)) + (depth * Math.Sin(Yaw))), (float)((y * Math.Cos(Pitch)) + (depth * Math.Sin(Pitch))));
    }
}
