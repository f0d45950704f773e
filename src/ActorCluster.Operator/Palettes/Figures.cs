namespace ActorCluster.Operator.Palettes;

/// <summary>Numbers as answers have them.</summary>
internal static class Figures
{
    /// <summary>A share, 0 to 1, in percent.</summary>
    public static double? Percent(double? share) => share is { } s ? Math.Round(100 * s, 1) : null;

    /// <summary>Seconds to a tenth.</summary>
    public static double? Seconds(double? seconds) => seconds is { } s ? Math.Round(s, 1) : null;

    /// <summary>Bytes in MiB.</summary>
    public static long? Megabytes(long? bytes) => bytes >> 20;
}
