using System.Globalization;
using System.Text;

namespace ActorCluster.Training;

/// <summary>Lines over epochs as an inline SVG. Colours come from the page by class.</summary>
/// <param name="title">What is shown, as text without markup.</param>
/// <param name="series">Name, CSS class and one value per epoch of each line.</param>
/// <param name="bestEpoch">The epoch to mark, from 1; 0 for none.</param>
/// <param name="format">How values are written.</param>
/// <param name="unit">The interval that the axis shows at least; null for that of the values alone.</param>
internal sealed class LineChart(
    string title, IReadOnlyList<(string Name, string Style, IReadOnlyList<double> Values)> series, int bestEpoch, string format, (double Low, double High)? unit = null)
{
    private const double Width = 480;
    private const double Height = 230;
    private const double Left = 46;
    private const double Right = 10;
    private const double Top = 14;
    private const double Bottom = 24;
    private static readonly double[] RoundSteps = [1, 2, 5, 10];

    /// <summary>The chart with heading and legend, as HTML.</summary>
    public string ToHtml()
    {
        var epochs = series[0].Values.Count;
        var (low, high, step) = Scale();
        double X(int index) => epochs == 1 ? (Left + Width - Right) / 2 : Left + ((Width - Left - Right) * index / (epochs - 1));
        double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * (value - low) / (high - low));

        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<section class=\"panel chart\"><h2>{title}</h2><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title} by epoch\">");
        for (var tick = low; tick <= high + (step / 2); tick += step)
        {
            html.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\"/><text x=\"{Left - 6}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{Label(tick)}</text>");
        }

        var every = Math.Max(1, (int)Math.Ceiling(epochs / 10.0));
        for (var i = every - 1; i < epochs; i += every)
        {
            html.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(i):F1}\" y=\"{Height - 8}\" text-anchor=\"middle\">{i + 1}</text>");
        }

        if (bestEpoch > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<line class=\"best\" x1=\"{X(bestEpoch - 1):F1}\" x2=\"{X(bestEpoch - 1):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>");
        }

        foreach (var (name, style, values) in series)
        {
            var points = string.Join(' ', values.Select((v, i) => FormattableString.Invariant($"{X(i):F1},{Y(v):F1}")));
            html.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{style}\" points=\"{points}\"/>");
            for (var i = 0; i < epochs; i++)
            {
                if (epochs <= 40)
                {
                    html.Append(CultureInfo.InvariantCulture, $"<circle class=\"{style}\" cx=\"{X(i):F1}\" cy=\"{Y(values[i]):F1}\" r=\"2.4\"/>");
                }

                html.Append(CultureInfo.InvariantCulture, $"<circle class=\"hit {style}\" cx=\"{X(i):F1}\" cy=\"{Y(values[i]):F1}\" r=\"7\"><title>{name}, epoch {i + 1}: {values[i].ToString(format, CultureInfo.InvariantCulture)}</title></circle>");
            }
        }

        html.Append("</svg><ul class=\"legend\">");
        foreach (var (name, style, _) in series)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><span class=\"swatch {style}\"></span>{name}</li>");
        }

        return html.Append("</ul></section>\n").ToString();
    }

    /// <summary>Round bounds and steps of 1, 2 or 5 times a power of ten, about five of them.</summary>
    private (double Low, double High, double Step) Scale()
    {
        var values = series.SelectMany(s => s.Values).ToList();
        var (least, most) = unit is { } u ? (Math.Min(u.Low, values.Min()), Math.Max(u.High, values.Max())) : (0, values.Max());
        var range = most > least ? most - least : 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / 5)));
        var step = power * RoundSteps.First(m => range / (power * m) <= 5.5);
        return (Math.Floor(least / step) * step, Math.Ceiling((most / step) - 1e-9) * step, step);
    }

    private static string Label(double value) => Math.Abs(value) < 1e-12 ? "0" : value.ToString("G3", CultureInfo.InvariantCulture);
}
