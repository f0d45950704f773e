using System.Globalization;
using System.Text;
using ActorCluster.Core.Scoring;
using static ActorCluster.Training.ReportText;

namespace ActorCluster.Training.Evaluation;

/// <summary>Values from 0 to 1 as bars with names, as HTML; colours come from the page by class.</summary>
internal static class ScoreBars
{
    /// <summary>Writes bars.</summary>
    /// <param name="body">Where to.</param>
    /// <param name="bars">Name, CSS class, value, its bounds if known, and what to add in small letters, of each bar.</param>
    public static void Write(StringBuilder body, IEnumerable<(string Name, string Style, double Value, ConfidenceInterval? Bounds, string Small)> bars)
    {
        body.Append("<dl class=\"bars scores\">");
        foreach (var (name, style, value, bounds, small) in bars)
        {
            body.Append(CultureInfo.InvariantCulture, $"<dt><span class=\"swatch {style}\"></span>{Html(name)}</dt><dd class=\"track\"><svg viewBox=\"0 0 100 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"ground\" width=\"100\" height=\"14\"/><rect class=\"{style}\" width=\"{100 * value:F2}\" height=\"14\"/>");
            if (bounds is not null)
            {
                var (low, high) = (100 * bounds.Low, 100 * bounds.High);
                body.Append(CultureInfo.InvariantCulture, $"<path class=\"bounds\" d=\"M{low:F2} 7H{high:F2}M{low:F2} 3.5V10.5M{high:F2} 3.5V10.5\"/>");
            }

            body.Append(CultureInfo.InvariantCulture, $"</svg></dd><dd class=\"value\">{Figure(value)} <small>{Html(small)}</small></dd>");
        }

        body.Append("</dl>");
    }
}
