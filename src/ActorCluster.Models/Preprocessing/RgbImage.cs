namespace ActorCluster.Models.Preprocessing;

/// <summary>An image in memory.</summary>
/// <param name="Pixels">Its samples [<paramref name="Height"/>, <paramref name="Width"/>, 3]: red, green, blue, 0 to 255.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
public sealed record RgbImage(byte[] Pixels, int Width, int Height);
