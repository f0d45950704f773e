namespace ActorCluster.Media.Faces;

/// <summary>A square of a frame's pixel grid. It may reach outside of the frame, where every pixel counts as black (zero).</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Size">Its side in pixels, at least 1.</param>
public readonly record struct CropRegion(int Left, int Top, int Size)
{
    /// <summary>The smallest square that starts at the frame's upper left corner and covers the frame.</summary>
    /// <param name="width">The frame's width in pixels.</param>
    /// <param name="height">The frame's height in pixels.</param>
    public static CropRegion Covering(int width, int height) => new(0, 0, Math.Max(width, height));

    /// <summary>The square of side <paramref name="size"/> around a point, rounded to whole pixels.</summary>
    /// <param name="centreX">The point's column; pixel 0 spans 0 to 1.</param>
    /// <param name="centreY">The point's row.</param>
    /// <param name="size">The side in pixels; less than 1 counts as 1.</param>
    internal static CropRegion Around(double centreX, double centreY, double size)
    {
        var side = (int)Math.Clamp(Math.Round(size), 1, MaxSize);
        return new CropRegion(Corner(centreX, side), Corner(centreY, side), side);
    }

    // Far beyond any frame, and small enough that sums of coordinates cannot overflow.
    private const int MaxSize = 1 << 20;

    private static int Corner(double centre, int side) => (int)Math.Clamp(Math.Round(centre - (side / 2.0)), -MaxSize, MaxSize);
}
