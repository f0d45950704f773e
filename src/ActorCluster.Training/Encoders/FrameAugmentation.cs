namespace ActorCluster.Training.Encoders;

/// <summary>Varies pictures as cameras and croppers do: mirrored, lighter or darker, of other contrast and colour, larger or smaller, shifted.</summary>
internal static class FrameAugmentation
{
    private const int Channels = 3;

    /// <summary>Varies one picture. The same generator gives the same result.</summary>
    /// <param name="source">The picture, [side, side, 3].</param>
    /// <param name="side">Its side in pixels.</param>
    /// <param name="settings">By how much.</param>
    /// <param name="random">The chance; asked the same number of times for every picture.</param>
    /// <param name="target">Receives it, [side, side, 3]; what lies outside the picture is its edge.</param>
    public static void Apply(ReadOnlySpan<byte> source, int side, FrameTrainingSettings settings, Random random, Span<byte> target)
    {
        var mirrored = random.NextDouble() < settings.Flip;
        var light = Symmetric() * settings.Brightness * 255;
        var contrast = 1 + (Symmetric() * settings.Contrast);
        var scale = 1 + (Symmetric() * settings.Scale);
        var (right, down) = (Symmetric() * settings.Shift * side, Symmetric() * settings.Shift * side);
        Span<double> tint = stackalloc double[Channels];
        for (var channel = 0; channel < Channels; channel++)
        {
            tint[channel] = 1 + (Symmetric() * settings.Tint);
        }

        var centre = (side - 1) / 2.0;
        for (var y = 0; y < side; y++)
        {
            var fromY = Math.Clamp(centre + ((y - centre - down) / scale), 0, side - 1);
            var (top, dy) = Split(fromY);
            for (var x = 0; x < side; x++)
            {
                var fromX = Math.Clamp(centre + (((mirrored ? side - 1 - x : x) - centre - right) / scale), 0, side - 1);
                var (left, dx) = Split(fromX);
                var at = ((top * side) + left) * Channels;
                var (nextColumn, nextRow) = (left + 1 < side ? Channels : 0, top + 1 < side ? side * Channels : 0);
                for (var channel = 0; channel < Channels; channel++, at++)
                {
                    var upper = source[at] + (dx * (source[at + nextColumn] - source[at]));
                    var lower = source[at + nextRow] + (dx * (source[at + nextRow + nextColumn] - source[at + nextRow]));
                    var value = upper + (dy * (lower - upper));
                    target[(((y * side) + x) * Channels) + channel] = (byte)Math.Clamp(Math.Round(127.5 + (((value * tint[channel]) - 127.5) * contrast) + light), 0, 255);
                }
            }
        }

        double Symmetric() => (random.NextDouble() * 2) - 1;
        static (int Whole, double Fraction) Split(double place) => ((int)place, place - (int)place);
    }
}
