namespace ActorCluster.Benchmarks;

/// <summary>What a row of measurements says.</summary>
internal static class Figures
{
    /// <summary>The middle one; of an even number the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median, with the least and the greatest value.</summary>
    public static string Spread(IReadOnlyCollection<double> values, string format) =>
        $"{Median(values).ToString(format)} ({values.Min().ToString(format)} to {values.Max().ToString(format)})";

    /// <summary>The slope of a line through points (ordinary least squares) and its standard error.</summary>
    public static (double Slope, double Error) Slope(IReadOnlyList<(double X, double Y)> points)
    {
        var (meanX, meanY) = (points.Average(p => p.X), points.Average(p => p.Y));
        var spread = points.Sum(p => (p.X - meanX) * (p.X - meanX));
        var slope = points.Sum(p => (p.X - meanX) * (p.Y - meanY)) / spread;
        var residuals = points.Sum(p => Math.Pow(p.Y - meanY - (slope * (p.X - meanX)), 2));
        return (slope, Math.Sqrt(residuals / (points.Count - 2) / spread));
    }

    /// <summary>Prints what a table shows, when, and how loaded the machine is.</summary>
    public static void Caption(string text)
    {
        Console.WriteLine($"{text} {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}.");
        Console.WriteLine();
    }
}
