namespace ActorCluster.Media.Faces;

/// <summary>A face as the detector sees it: a nearly square box from the eyebrows to the chin. It may reach outside of the frame.</summary>
/// <param name="X">Its left edge, in pixels of the frame.</param>
/// <param name="Y">Its upper edge, in pixels of the frame.</param>
/// <param name="Width">Its width in pixels, greater than 0.</param>
/// <param name="Height">Its height in pixels, greater than 0.</param>
/// <param name="Score">How sure the detector is, 0 to 1.</param>
public readonly record struct FaceBox(float X, float Y, float Width, float Height, float Score)
{
    /// <summary>The longer side in pixels.</summary>
    public float Side => Math.Max(Width, Height);

    /// <summary>The area that two boxes share divided by the area that they cover together (intersection over union), 0 to 1.</summary>
    /// <param name="other">The other box.</param>
    public float OverlapWith(in FaceBox other)
    {
        var width = Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X);
        var height = Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var shared = width * height;
        return shared / ((Width * Height) + (other.Width * other.Height) - shared);
    }
}
